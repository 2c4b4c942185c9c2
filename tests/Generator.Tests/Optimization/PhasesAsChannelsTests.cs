using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class PhasesAsChannelsTests
{
    [Theory]
    [InlineData(1, new long[] { 9, 9 }, new long[] { 3, 3 }, new long[] { 4, 4, 4, 4 }, new long[] { 2, 2 })]
    [InlineData(3, new long[] { 4, 4 }, new long[] { 2, 2 }, new long[] { 1, 1, 1, 1 }, new long[] { 0, 0 })]
    [InlineData(2, new long[] { 3, 5 }, new long[] { 2, 3 }, new long[] { 0, 2, 1, 0 }, new long[] { 1, 0 })]
    [InlineData(1, new long[] { 4, 2 }, new long[] { 3, 2 }, new long[] { 0, 0, 0, 0 }, new long[] { 2, 1 })]
    [InlineData(1, new long[] { 64 }, new long[] { 16 }, new long[] { 0, 0 }, new long[] { 0 })]
    public void FewOutputsShareABlockWithTheirPhases(int outputs, long[] kernel, long[] strides, long[] pads, long[] extra)
    {
        ModelBuilder model = Model(48, 1, outputs, kernel, strides, pads, extra, isConstant: true);
        Graph graph = PassCheck.Run(model, new PhasesAsChannels());
        graph.Nodes.Count(static n => n.Is("Conv")).ShouldBe(1);
        graph.Nodes.Count(static n => n.Is("ConvTranspose")).ShouldBe(0);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    [Theory]
    [InlineData(48, 16, new long[] { 4, 4 }, new long[] { 2, 2 })]
    [InlineData(48, 24, new long[] { 3, 3 }, new long[] { 2, 2 })]
    [InlineData(2, 1, new long[] { 2, 2 }, new long[] { 2, 2 })]
    public void WholeBlocksAndLittleWorkKeepTheirPhases(int inputs, int outputs, long[] kernel, long[] strides) =>
        PassCheck.Run(Model(inputs, 1, outputs, kernel, strides, new long[2 * kernel.Length], new long[kernel.Length], isConstant: true), new PhasesAsChannels())
            .Nodes.Single().Is("ConvTranspose").ShouldBeTrue();

    [Theory]
    [InlineData(6, 2, 5, new long[] { 3, 4 }, new long[] { 2, 2 }, new long[] { 1, 0, 0, 1 }, new long[] { 0, 1 })]
    [InlineData(6, 3, 2, new long[] { 2, 3 }, new long[] { 1, 2 }, new long[] { 0, 1, 1, 1 }, new long[] { 0, 0 })]
    [InlineData(4, 2, 2, new long[] { 5 }, new long[] { 3 }, new long[] { 2, 1 }, new long[] { 1 })]
    [InlineData(3, 1, 2, new long[] { 2, 3, 2 }, new long[] { 2, 1, 2 }, new long[] { 0, 1, 0, 0, 1, 0 }, new long[] { 0, 0, 0 })]
    public void WeightsOfRunTimeBecomeAProduct(int inputs, int groups, int outputs, long[] kernel, long[] strides, long[] pads, long[] extra)
    {
        ModelBuilder model = Model(inputs, groups, outputs, kernel, strides, pads, extra, isConstant: false);
        PassCheck.Run(model, new PhasesAsChannels(), new RunTimeWeights()).Nodes.Count(static n => n.Is("MatMul")).ShouldBe(1);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    [Fact]
    public void WeightsOfRunTimeOfWholeBlocksBecomeAConvolution()
    {
        ModelBuilder model = Model(24, 1, 16, [4, 4], [2, 2], [1, 1, 1, 1], [0, 0], isConstant: false);
        PassCheck.Run(model, new PhasesAsChannels(), new RunTimeWeights()).Nodes.Count(static n => n.Is("Conv")).ShouldBe(1);
        OperatorCheck.Run(model, absolute: 1e-3);
    }

    /// <summary>Pictures of any size; a shape that the model asks for may be trimmed differently at each.</summary>
    [Theory]
    [InlineData("NOTSET", false)]
    [InlineData("SAME_UPPER", true)]
    public void SizesOfTheRun(string padding, bool stays)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 48, "height", "width"])
            .Initializer("w", [48, 1, 5, 4], Weights.Random(960, 1))
            .Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2, 3 }), ("auto_pad", padding))
            .Output("y");
        const string Ranges = "height=1..9;width=1..11";
        ScheduleCheck.Steps(model, new CompilerOptions { Dimensions = OptionParser.Dimensions(Ranges) })
            .Any(static s => s.Node?.Is("ConvTranspose") ?? false).ShouldBe(stays);
        RunTimeSizesCheck.Run(model, Ranges, ["height=1;width=1", "height=9;width=11", "height=4;width=7"], relative: 1e-4);
    }

    [Fact]
    public void TapsThatAreSpreadOutStay() => PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 48, 5, 5)
            .Initializer("w", [48, 1, 3, 3], Weights.Random(432, 1))
            .Node("ConvTranspose", ["x", "w"], ["y"], ("dilations", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Output("y"),
        new PhasesAsChannels()).Nodes.Single().Is("ConvTranspose").ShouldBeTrue();

    private static ModelBuilder Model(int inputs, int groups, int outputs, long[] kernel, long[] strides, long[] pads, long[] extra, bool isConstant)
    {
        int[] cells = [.. new[] { 4, 5, 3 }.Take(kernel.Length)];
        long[] weights = [inputs, outputs, .. kernel];
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, [2, inputs, .. cells]);
        model = isConstant
            ? model.Initializer("w", weights, Weights.Random((int)weights.Aggregate(static (a, b) => a * b), 1))
                .Initializer("b", [(long)(outputs * groups)], Weights.Random(outputs * groups, 2))
            : model.Input("w", OnnxDataType.Float, [.. weights.Select(static w => (int)w)]).Input("b", OnnxDataType.Float, outputs * groups);
        return model
            .Node(
                "ConvTranspose",
                ["x", "w", "b"],
                ["y"],
                ("group", (long)groups),
                ("strides", strides),
                ("pads", pads),
                ("output_padding", extra))
            .Output("y");
    }
}
