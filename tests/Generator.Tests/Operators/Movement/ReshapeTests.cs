using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ReshapeTests
{
    [Theory]
    [InlineData(new long[] { 6, 20 }, new[] { 6, 20 })]
    [InlineData(new long[] { -1 }, new[] { 120 })]
    [InlineData(new long[] { 0, -1, 5 }, new[] { 2, 12, 5 })]
    [InlineData(new long[] { 0, 0, 0, 0 }, new[] { 2, 3, 4, 5 })]
    [InlineData(new long[] { 1, 2, 1, 60, 1 }, new[] { 1, 2, 1, 60, 1 })]
    public void ResolvesTheShape(long[] shape, int[] expected)
    {
        ModelBuilder model = Model([2, 3, 4, 5], shape);
        OperatorCheck.Run(model);
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Shape.ShouldBe(new Shape(expected));
    }

    [Theory]
    [InlineData(new long[] { 7, -1 })]
    [InlineData(new long[] { -1, -1 })]
    [InlineData(new long[] { 0, 0, 0, 0, 0 })]
    [InlineData(new long[] { -2, 60 })]
    [InlineData(new long[] { 1L << 40, 1L << 40 })]
    public void RefusesOtherSizes(long[] shape) => OperatorCheck.Fails(Model([2, 3, 4, 5], shape)).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void AllowZeroMeansZero() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 0)
        .Initializer("s", [2], 0L, 7L)
        .Node("Reshape", ["x", "s"], ["y"], ("allowzero", 1))
        .Output("y"));

    [Fact]
    public void ScalarsHaveNoDimensions() => OperatorCheck.Run(Model([1, 1], []));

    [Fact]
    public void Opset1HasTheShapeAsAttribute() => OperatorCheck.Run(new ModelBuilder(4, irVersion: 3)
        .Input("x", OnnxDataType.Float, 4, 6)
        .Node("Reshape", ["x"], ["y"], ("shape", new long[] { 3, -1 }))
        .Output("y"));

    [Fact]
    public void ATransposedViewIsNotCopiedEvenWhereStridesCannotExpressItsReshape()
    {
        ScheduleCheck.RunAndCountCopies(Transposed([4, 3, 1, 2])).ShouldBe(0);

        // No strides make [4, 3, 2] transposed a [12, 2], but the reshape moves behind the Relu, which writes densely.
        ScheduleCheck.RunAndCountCopies(Transposed([12, 2])).ShouldBe(0);
    }

    private static ModelBuilder Transposed(long[] shape) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3, 4)
        .Node("Transpose", ["x"], ["t"])
        .Initializer("s", [shape.Length], shape)
        .Node("Reshape", ["t", "s"], ["r"])
        .Node("Relu", ["r"], ["y"])
        .Output("y");

    private static ModelBuilder Model(long[] input, long[] shape) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, input)
        .Initializer("s", [shape.Length], shape)
        .Node("Reshape", ["x", "s"], ["y"])
        .Output("y");
}
