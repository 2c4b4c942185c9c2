using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class SoftmaxCrossEntropyLossTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("mean")]
    [InlineData("sum")]
    public void Of_images(string reduction) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 5, 3, 2).Initializer("t", [2, 3, 2], 0L, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1)
        .Node("SoftmaxCrossEntropyLoss", ["x", "t"], ["y", "p"], ("reduction", reduction)).Output("y").Output("p"));
}
