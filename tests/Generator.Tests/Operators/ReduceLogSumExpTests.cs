using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
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

    [Theory]
    [InlineData(OnnxDataType.Int32)]
    [InlineData(OnnxDataType.Int64)]
    [InlineData(OnnxDataType.UInt32)]
    public void TruncatesWholeNumbers(object type) => EquivalenceCheck.Run(
        new ModelBuilder(18).Input("x", (OnnxDataType)type, 3, 37).Initializer("a", [1], 1L).Node("ReduceLogSumExp", ["x", "a"], ["y"]).Output("y", (OnnxDataType)type, 3, 1),
        new ModelBuilder(18).Input("x", (OnnxDataType)type, 3, 37).Initializer("a", [1], 1L).Node("Cast", ["x"], ["d"], ("to", (int)OnnxDataType.Double)).Node("ReduceLogSumExp", ["d", "a"], ["l"]).Node("Cast", ["l"], ["y"], ("to", (int)(OnnxDataType)type)).Output("y"),
        low: 1,
        high: 90);
}
