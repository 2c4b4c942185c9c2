using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceProdTests
{
    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceProd", 0.9f, 1.1f);

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceProd", OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.UInt32, OnnxDataType.UInt64, OnnxDataType.Int8, OnnxDataType.UInt8);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceProd", [2f, -3f, 4f])[0].ShouldBe(-24f);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceProd").ShouldBe(1f);
}
