using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class QAttentionTests
{
    [Fact]
    public void Projects_codes() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.UInt8, 2, 5, 6).Input("w", OnnxDataType.UInt8, 6, 24).Input("b", OnnxDataType.Float, 24).Initializer("sx", [], 0.1f).Initializer("sw", [], 0.05f).Initializer("z", [], (byte)3)
            .Node("com.microsoft", "QAttention", ["x", "w", "b", "sx", "sw", "", "z", "z"], ["y"], ("num_heads", 2)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.UInt8, 2, 5, 6).Input("w", OnnxDataType.UInt8, 6, 24).Input("b", OnnxDataType.Float, 24).Initializer("sx", [], 0.1f).Initializer("sw", [], 0.05f).Initializer("z", [], (byte)3)
            .Node("DequantizeLinear", ["x", "sx", "z"], ["rx"]).Node("DequantizeLinear", ["w", "sw", "z"], ["rw"]).Initializer("three", [3], 8L, 8L, 8L).Node("MatMul", ["rx", "rw"], ["p"]).Node("Add", ["p", "b"], ["s"]).Node("Split", ["s", "three"], ["q", "k", "v"], ("axis", 2)).Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", 2), ("kv_num_heads", 2)).Output("y"), low: 0, high: 9, tolerance: 1e-4);
}
