using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators;

public sealed class AddTests
{
    [Theory]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 2, 3, 5, 7 })]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 7 })]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 3, 1, 1 })]
    [InlineData(new long[] { 5, 1 }, new long[] { 1, 37 })]
    [InlineData(new long[] { 100 }, new long[] { })]
    [InlineData(new long[] { }, new long[] { })]
    public void BroadcastsF32(long[] left, long[] right) => OperatorCheck.Run(new ModelBuilder()
        .Input("a", OnnxDataType.Float, left)
        .Input("b", OnnxDataType.Float, right)
        .Node("Add", ["a", "b"], ["c"])
        .Node("Relu", ["c"], ["d"])
        .Output("d"));
}
