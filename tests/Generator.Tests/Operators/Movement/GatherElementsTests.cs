using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class GatherElementsTests
{
    [Theory]
    [InlineData(0, new long[] { 4, 3, 5 })]
    [InlineData(1, new long[] { 4, 7, 3 })]
    [InlineData(-1, new long[] { 2, 3, 9 })]
    public void PicksElements(int axis, long[] shape)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Int64, OnnxDataType.Bool })
        {
            OperatorCheck.Run(
                new ModelBuilder()
                    .Input("x", type, 4, 3, 5)
                    .Input("i", OnnxDataType.Int64, shape)
                    .Node("GatherElements", ["x", "i"], ["y"], ("axis", axis))
                    .Output("y"),
                low: -3,
                high: 3);
        }
    }

    [Fact]
    public void Evaluates() => ScheduleCheck.Evaluate(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 2)
            .Initializer("i", [2, 2], 0L, 0L, 1L, 0L)
            .Node("GatherElements", ["x", "i"], ["y"], ("axis", 1))
            .Output("y"),
        ScheduleCheck.Counting(2, 2)).Floats().ToArray().ShouldBe([0f, 0f, 3f, 2f]);

    [Theory]
    [InlineData(2L, new long[] { 1, 2 })]
    [InlineData(0L, new long[] { 3, 2 })]
    [InlineData(0L, new long[] { 2 })]
    public void RefusesWhatDoesNotFit(long index, long[] shape)
    {
        long count = 1;
        foreach (long d in shape)
        {
            count *= d;
        }

        var indices = new long[count];
        System.Array.Fill(indices, index);
        OperatorCheck.Fails(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 2)
            .Initializer("i", shape, indices)
            .Node("GatherElements", ["x", "i"], ["y"], ("axis", 1))
            .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
    }
}
