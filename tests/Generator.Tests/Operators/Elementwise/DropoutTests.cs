using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class DropoutTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(13)]
    public void IsTheIdentity(int opset)
    {
        ModelBuilder model = new ModelBuilder(opset).Input("x", OnnxDataType.Float, 3, 7).Node("Dropout", ["x"], ["y", "mask"]).Node("Exp", ["y"], ["z"]).Output("z");
        ElementwiseCheck.Optimised(model).ShouldBe(["Exp"]);
        OperatorCheck.Run(model);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(22)]
    public void HasAMaskOfOnes(int opset) => OperatorCheck.Run(
        new ModelBuilder(opset).Input("x", OnnxDataType.Float, 3, 7).Node("Dropout", ["x"], ["y", "mask"]).Output("y").Output("mask"));

    [Fact]
    public void AcceptsTrainingWithRatioZero() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 5).Initializer("r", [], 0f).Initializer("t", [], true).Node("Dropout", ["x", "r", "t"], ["y"]).Output("y"));

    [Fact]
    public void TakesIsTestOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(6).Input("x", OnnxDataType.Float, 5).Node("Dropout", ["x"], ["y"], ("is_test", 1)).Output("y"));
}
