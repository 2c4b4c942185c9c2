using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceSumSquareTests
{
    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceSumSquare");

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceSumSquare", OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.UInt32, OnnxDataType.UInt64, OnnxDataType.Int8, OnnxDataType.UInt8);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceSumSquare", [1f, -2f, 3f])[0].ShouldBe(14f);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceSumSquare").ShouldBe(0f);
}
