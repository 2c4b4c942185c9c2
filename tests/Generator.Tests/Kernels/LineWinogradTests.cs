using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>3×1 and 1×3 convolutions by minimal filtering: results, error, and where it is chosen.</summary>
public sealed class LineWinogradTests
{
    private const double UsualError = 2e-5;

    [Theory]
    [InlineData(true, 1, 24, 30, 16, 24, 1, 1)]
    [InlineData(false, 1, 24, 16, 30, 24, 1, 1)]
    [InlineData(true, 2, 40, 13, 7, 56, 1, 0)]
    [InlineData(false, 2, 40, 7, 13, 56, 0, 1)]
    [InlineData(true, 1, 32, 15, 11, 20, 2, 0)]
    [InlineData(false, 1, 32, 11, 15, 20, 0, 2)]
    [InlineData(true, 1, 96, 12, 4, 96, 1, 1)]
    [InlineData(false, 1, 96, 4, 11, 96, 1, 1)]
    public void EdgesChannelsAndPads(bool vertical, int n, int c, int h, int w, int m, int before, int after)
    {
        ModelBuilder model = Convolution(vertical, n, c, h, w, m, before, after).Output("y");
        Steps(model).ShouldBe(1);
        ErrorCheck.RelativeToLargest(model).ShouldBeLessThan(UsualError);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ActivationAndResidualAreFused(bool vertical)
    {
        ModelBuilder model = Convolution(vertical, 2, 32, 14, 13, 32, 1, 1, "c")
            .Input("r", OnnxDataType.Float, 2, 32, 14, 13)
            .Node("Add", ["c", "r"], ["sum"])
            .Node("LeakyRelu", ["sum"], ["y"])
            .Output("y");
        Steps(model).ShouldBe(1);
        ScheduleCheck.Steps(model).OfType<ElementwiseStep>().ShouldBeEmpty();
        ErrorCheck.RelativeToLargest(model).ShouldBeLessThan(UsualError);
    }

    /// <summary>A map of one strip is shared by output channels, with the same bits for any number of threads.</summary>
    [Theory]
    [InlineData(true, 12, 4, 96)]
    [InlineData(false, 4, 12, 72)]
    public void ThreadsShareTheChannelsOfOneStrip(bool vertical, int h, int w, int m)
    {
        byte[] bytes = Convolution(vertical, 2, 96, h, w, m, 1, 1).Output("y").ToBytes();
        CompiledModel model = CompiledModel.Compile(bytes, "x86-64-v4", new CompilerOptions { ShareEverything = true });
        model.Result.Plan!.Schedule.Steps.OfType<LineWinogradStep>().ShouldHaveSingleItem().ParallelExtent(Simd.V512).Maximum.ShouldBeGreaterThan(1);
        Tensor[] inputs = ErrorCheck.Inputs(model.Graph);
        IReadOnlyList<Tensor> expected = model.Run(inputs);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            model.RunThreaded(threads, runs: 5, inputs).ShouldEqualBits(expected, $"{threads} threads");
        }
    }

    /// <summary>The whole arena but the live buffers is NaN between the steps: nothing may read or write beyond its own memory.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StaysInItsMemory(bool vertical)
    {
        byte[] model = Convolution(vertical, 1, 40, 13, 11, 40, 1, 1).Output("y").ToBytes();
        CompiledModel compiled = CompiledModel.Compile(model, "auto", new CompilerOptions { CheckedArena = true });
        compiled.Result.Plan!.Schedule.Steps.OfType<LineWinogradStep>().ShouldHaveSingleItem();
        compiled.Run(ErrorCheck.Inputs(OperatorCheck.Import(model)))[0].Floats().ToArray().ShouldAllBe(static v => float.IsFinite(v));
    }

    [Theory]
    [InlineData(32, 3, 2, 1, 1)]
    [InlineData(32, 3, 1, 2, 1)]
    [InlineData(32, 5, 1, 1, 1)]
    [InlineData(32, 3, 1, 1, 2)]
    [InlineData(3, 3, 1, 1, 1)]
    public void OtherConvolutionsStayDirect(int channels, int kernel, int stride, int dilation, int groups) => Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, channels, 32, 32)
        .Initializer("w", [32, channels / groups, kernel, 1], Weights.Random(32 * channels / groups * kernel, 1))
        .Node("Conv", ["x", "w"], ["y"], ("pads", new long[] { 1, 0, 1, 0 }), ("strides", new long[] { stride, stride }), ("dilations", new long[] { dilation, dilation }), ("group", groups))
        .Output("y")).ShouldBe(0);

    [Fact]
    public void CanBeSwitchedOff()
    {
        byte[] model = Convolution(true, 1, 32, 28, 28, 32, 1, 1).Output("y").ToBytes();
        CompiledModel.Compile(model, "auto", new CompilerOptions { Winograd = false }).Result.Plan!.Schedule.Steps.OfType<LineWinogradStep>().ShouldBeEmpty();
    }

    private static ModelBuilder Convolution(bool vertical, int n, int c, int h, int w, int m, int before, int after, string output = "y") => new ModelBuilder()
        .Input("x", OnnxDataType.Float, n, c, h, w)
        .Initializer("w", vertical ? [m, c, 3, 1] : [m, c, 1, 3], Weights.Random(m * c * 3, 1))
        .Initializer("b", [m], Weights.Random(m, 2))
        .Node("Conv", ["x", "w", "b"], [output], ("pads", vertical ? new long[] { before, 0, after, 0 } : [0, before, 0, after]));

    private static int Steps(ModelBuilder model) => ScheduleCheck.Steps(model).OfType<LineWinogradStep>().Count();
}
