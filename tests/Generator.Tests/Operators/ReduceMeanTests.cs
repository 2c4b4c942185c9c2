using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceMeanTests
{
    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceMean");

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceMean", OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.UInt32, OnnxDataType.UInt64, OnnxDataType.Int8, OnnxDataType.UInt8);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceMean", [1f, 2f, 6f])[0].ShouldBe(3f);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceMean").ShouldBe(float.NaN);
}
