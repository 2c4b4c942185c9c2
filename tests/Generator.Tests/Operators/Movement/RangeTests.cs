using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class RangeTests
{
    [Theory]
    [InlineData(0L, 5L, 2L, new long[] { 0, 2, 4 })]
    [InlineData(10L, 4L, -2L, new long[] { 10, 8, 6 })]
    [InlineData(3L, 3L, 1L, new long[] { })]
    [InlineData(3L, 0L, 1L, new long[] { })]
    public void CountsIntegers(long start, long limit, long delta, long[] expected)
    {
        ModelBuilder model = new ModelBuilder()
            .Initializer("a", [], start).Initializer("b", [], limit).Initializer("c", [], delta)
            .Node("Range", ["a", "b", "c"], ["y"])
            .Output("y");
        ScheduleCheck.Evaluate(model).ToInt64Array().ShouldBe(expected);
        OperatorCheck.Run(model);
    }

    [Theory]
    [InlineData(0f, float.PositiveInfinity, 1f)]
    [InlineData(0f, 1f, 0f)]
    [InlineData(0f, float.NaN, 1f)]
    public void RefusesEndlessRanges(float start, float limit, float delta) => OperatorCheck.Fails(new ModelBuilder()
        .Initializer("a", [], start).Initializer("b", [], limit).Initializer("c", [], delta)
        .Node("Range", ["a", "b", "c"], ["y"])
        .Output("y")).Code.ShouldBeOneOf(DiagnosticCodes.ShapeMismatch, DiagnosticCodes.TooLarge);
}
