using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class EyeLikeTests
{
    [Theory]
    [InlineData(0L, new long[] { 1, 0, 0, 0, 1, 0 })]
    [InlineData(1L, new long[] { 0, 1, 0, 0, 0, 1 })]
    [InlineData(-1L, new long[] { 0, 0, 0, 1, 0, 0 })]
    [InlineData(long.MaxValue, new long[] { 0, 0, 0, 0, 0, 0 })]
    public void PutsOnesOnADiagonal(long k, long[] expected)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Node("EyeLike", ["x"], ["y"], ("k", k), ("dtype", (int)OnnxDataType.Int64))
            .Output("y");
        ScheduleCheck.Evaluate(model, ScheduleCheck.Counting(2, 3)).ToInt64Array().ShouldBe(expected);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void RefusesOtherRanks() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3, 4)
        .Node("EyeLike", ["x"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
