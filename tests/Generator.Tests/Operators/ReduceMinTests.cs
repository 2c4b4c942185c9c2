using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceMinTests
{
    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceMin");

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceMin", OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.UInt32, OnnxDataType.UInt64, OnnxDataType.Int8, OnnxDataType.UInt8, OnnxDataType.Bool);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceMin", [-1f, float.NaN, 6f])[0].ShouldBe(float.NaN);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceMin").ShouldBe(float.PositiveInfinity);
}
