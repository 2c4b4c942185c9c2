using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceLogSumExpTests
{
    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceLogSumExp");

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceLogSumExp", OnnxDataType.Double);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceLogSumExp", [1000f, float.NegativeInfinity, float.NegativeInfinity])[0].ShouldBe(1000f);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceLogSumExp").ShouldBe(float.NegativeInfinity);

    [Fact]
    public void IsSafeAtInfinity() => ReduceChecks.Rows(
        "ReduceLogSumExp",
        [float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity],
        [0f, 1f, 2f, float.PositiveInfinity],
        [0f, 1f, 2f, float.NaN],
        [-1000f, -1000f, -1000f, -1000f]).ShouldBe([float.NegativeInfinity, float.PositiveInfinity, float.NaN, -998.6137f]);
}
