using AotCompiler.Diagnostics;
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

    [Fact]
    public void RefusesGroupsThatDoNotDivide() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 6, 5).Input("s", OnnxDataType.Float, 6).Input("b", OnnxDataType.Float, 6)
        .Node("GroupNormalization", ["x", "s", "b"], ["y"], ("num_groups", 4))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
