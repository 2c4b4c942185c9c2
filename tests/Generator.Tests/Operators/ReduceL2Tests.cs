using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceL2Tests
{
    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceL2");

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceL2", OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.UInt32, OnnxDataType.UInt64, OnnxDataType.Int8, OnnxDataType.UInt8);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceL2", [2f, -3f, 6f])[0].ShouldBe(7f);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceL2").ShouldBe(0f);
}
