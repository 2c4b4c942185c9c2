using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class NhwcFusedConvTests
{
    [Fact]
    public void Moves_the_channels() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 7, 7, 4).Input("w", OnnxDataType.Float, 6, 4, 3, 3).Input("b", OnnxDataType.Float, 6)
            .Node("com.microsoft", "NhwcFusedConv", ["x", "w", "b"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("activation", "Relu")).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 7, 7, 4).Input("w", OnnxDataType.Float, 6, 4, 3, 3).Input("b", OnnxDataType.Float, 6)
            .Node("Transpose", ["x"], ["t"], ("perm", new long[] { 0, 3, 1, 2 })).Node("Conv", ["t", "w", "b"], ["c"], ("kernel_shape", new long[] { 3, 3 })).Node("Relu", ["c"], ["r"]).Node("Transpose", ["r"], ["y"], ("perm", new long[] { 0, 2, 3, 1 })).Output("y"), tolerance: 1e-4);
}
