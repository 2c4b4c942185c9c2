using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class GroupNormalizationTests
{
    [Theory]
    [InlineData(18, 2)]
    [InlineData(21, 6)]
    public void NormalisesGroupsOfChannels(int opset, long entries) => OperatorCheck.Run(new ModelBuilder(opset)
        .Input("x", OnnxDataType.Float, 2, 6, 5, 7).Input("s", OnnxDataType.Float, entries).Input("b", OnnxDataType.Float, entries)
        .Input("v", OnnxDataType.Float, 2, 6, 19)
        .Node("GroupNormalization", ["x", "s", "b"], ["y"], ("num_groups", 2))
        .Node("GroupNormalization", ["v", "s", "b"], ["w"], ("num_groups", 2), ("epsilon", 0.1f))
        .Output("y").Output("w"));

    /// <summary>Behind a convolution it stays in blocks of channels, whatever the groups have to do with them.</summary>
    [Theory]
    [InlineData(20, 5)]
    [InlineData(24, 3)]
    [InlineData(64, 2)]
    [InlineData(48, 48)]
    public void NormalisesGroupsInBlocks(int channels, int groups)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 2, 5, 6, 7)
            .Initializer("w", [channels, 5, 1, 1], Weights.Random(channels * 5, 1))
            .Initializer("s", [channels], Weights.Random(channels, 2))
            .Initializer("b", [channels], Weights.Random(channels, 3))
            .Node("Conv", ["x", "w"], ["c"])
            .Node("GroupNormalization", ["c", "s", "b"], ["n"], ("num_groups", groups))
            .Node("Sigmoid", ["n"], ["g"])
            .Node("Mul", ["n", "g"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
        ScheduleCheck.Steps(model).OfType<ChannelFactorsStep>().Count().ShouldBe(1);
    }

    [Fact]
    public void RefusesGroupsThatDoNotDivide() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 6, 5).Input("s", OnnxDataType.Float, 6).Input("b", OnnxDataType.Float, 6)
        .Node("GroupNormalization", ["x", "s", "b"], ["y"], ("num_groups", 4))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
