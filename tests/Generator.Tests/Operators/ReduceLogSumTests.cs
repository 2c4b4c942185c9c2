using AotCompiler.Onnx;
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
}
