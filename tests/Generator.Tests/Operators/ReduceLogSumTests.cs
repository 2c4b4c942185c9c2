using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceLogSumTests
{
    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceLogSum", 0.1f, 2f);

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceLogSum", OnnxDataType.Double);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceLogSum", [1f, 0f, 0f])[0].ShouldBe(0f);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceLogSum").ShouldBe(float.NegativeInfinity);

    [Theory]
    [InlineData(OnnxDataType.Int32)]
    [InlineData(OnnxDataType.Int64)]
    [InlineData(OnnxDataType.UInt32)]
    public void TruncatesWholeNumbers(object type) => EquivalenceCheck.Run(
        new ModelBuilder(18).Input("x", (OnnxDataType)type, 3, 37).Initializer("a", [1], 1L).Node("ReduceLogSum", ["x", "a"], ["y"]).Output("y", (OnnxDataType)type, 3, 1),
        new ModelBuilder(18).Input("x", (OnnxDataType)type, 3, 37).Initializer("a", [1], 1L).Node("Cast", ["x"], ["d"], ("to", (int)OnnxDataType.Double)).Node("ReduceLogSum", ["d", "a"], ["l"]).Node("Cast", ["l"], ["y"], ("to", (int)(OnnxDataType)type)).Output("y"),
        low: 1,
        high: 90);
}
