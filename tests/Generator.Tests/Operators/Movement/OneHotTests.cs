using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class OneHotTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void MarksIndices(int axis)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Int64, OnnxDataType.Int32, OnnxDataType.Float, OnnxDataType.UInt8 })
        {
            OperatorCheck.Run(
                new ModelBuilder()
                    .Input("i", type, 3, 7)
                    .Initializer("d", [], 5L)
                    .Input("v", OnnxDataType.Float, 2)
                    .Node("OneHot", ["i", "d", "v"], ["y"], ("axis", axis))
                    .Output("y"),
                low: type == OnnxDataType.UInt8 ? 0 : -8,
                high: 8);
        }
    }

    [Fact]
    public void OutOfRangeIndicesSelectNothing() => ScheduleCheck.Evaluate(
        new ModelBuilder()
            .Input("i", OnnxDataType.Float, 4)
            .Initializer("d", [1], 3f)
            .Initializer("v", [2], 7L, 9L)
            .Node("OneHot", ["i", "d", "v"], ["y"])
            .Output("y"),
        Tensor.Create(ElementType.Float32, new Shape(4), [0f, -1f, 3f, -4f])).ToInt64Array().ShouldBe([9, 7, 7, 7, 7, 9, 7, 7, 7, 7, 7, 7]);

    [Theory]
    [InlineData(-1L)]
    [InlineData(1L << 42)]
    public void RefusesAbsurdDepths(long depth) => OperatorCheck.Fails(new ModelBuilder()
        .Input("i", OnnxDataType.Int64, 3)
        .Initializer("d", [], depth)
        .Input("v", OnnxDataType.Float, 2)
        .Node("OneHot", ["i", "d", "v"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
