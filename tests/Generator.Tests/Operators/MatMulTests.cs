using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MatMulTests
{
    [Theory]
    [InlineData(new long[] { 7, 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 7, 20 }, new long[] { 20 })]
    [InlineData(new long[] { 20 }, new long[] { 20 })]
    [InlineData(new long[] { 2, 3, 7, 20 }, new long[] { 20, 32 })]
    [InlineData(new long[] { 2, 3, 7, 20 }, new long[] { 2, 3, 20, 9 })]
    [InlineData(new long[] { 2, 1, 7, 20 }, new long[] { 3, 20, 9 })]
    [InlineData(new long[] { 7, 20 }, new long[] { 4, 20, 16 })]
    public void RunTimeOperands(long[] a, long[] b) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, a)
            .Input("b", OnnxDataType.Float, b)
            .Node("MatMul", ["a", "b"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(new long[] { 7, 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 4, 3, 20 }, new long[] { 20, 48 })]
    [InlineData(new long[] { 3, 20 }, new long[] { 2, 20, 5 })]
    [InlineData(new long[] { 3, 20 }, new long[] { 20 })]
    public void ConstantRightOperand(long[] a, long[] b)
    {
        long count = 1;
        foreach (long d in b)
        {
            count *= d;
        }

        OperatorCheck.Run(
            new ModelBuilder()
                .Input("a", OnnxDataType.Float, a)
                .Initializer("b", b, Weights.Random(count, 3))
                .Node("MatMul", ["a", "b"], ["y"])
                .Output("y"),
            absolute: 1e-4);
    }

    [Fact]
    public void Integers() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Int32, 2, 3, 4)
            .Input("b", OnnxDataType.Int32, 4, 5)
            .Node("MatMul", ["a", "b"], ["y"])
            .Output("y"),
        low: -50,
        high: 50);

    [Fact]
    public void InnerDimensionsMustAgree() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2, 5)
        .Input("b", OnnxDataType.Float, 4, 4)
        .Node("MatMul", ["a", "b"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
