using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class NhwcMaxPoolTests
{
    [Fact]
    public void Moves_the_channels() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.UInt8, 1, 6, 6, 4)
            .Node("com.microsoft", "NhwcMaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.UInt8, 1, 6, 6, 4)
            .Node("Transpose", ["x"], ["t"], ("perm", new long[] { 0, 3, 1, 2 })).Node("MaxPool", ["t"], ["m"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })).Node("Transpose", ["m"], ["y"], ("perm", new long[] { 0, 2, 3, 1 })).Output("y"), low: 0, high: 255);
}
