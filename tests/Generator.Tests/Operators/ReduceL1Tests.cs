using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceL1Tests
{
    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceL1");

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceL1", OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.UInt32, OnnxDataType.UInt64, OnnxDataType.Int8, OnnxDataType.UInt8);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceL1", [1f, -2f, 3f])[0].ShouldBe(6f);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceL1").ShouldBe(0f);
}
