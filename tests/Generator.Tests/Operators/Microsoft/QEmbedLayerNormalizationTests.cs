using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class QEmbedLayerNormalizationTests
{
    [Fact]
    public void Dequantises_its_tables() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("w", OnnxDataType.Int32, 2, 3).Input("t", OnnxDataType.UInt8, 9, 8).Input("p", OnnxDataType.UInt8, 6, 8).Input("g", OnnxDataType.UInt8, 8).Input("h", OnnxDataType.UInt8, 8).Initializer("f", [], 0.1f).Initializer("z", [], (byte)1)
            .Node("com.microsoft", "QEmbedLayerNormalization", ["w", "", "t", "p", "", "g", "h", "", "f", "f", "", "f", "f", "z", "z", "", "z", "z"], ["y", "n"], ("epsilon", 0.01f)).Output("y"),
        new ModelBuilder(24).Input("w", OnnxDataType.Int32, 2, 3).Input("t", OnnxDataType.UInt8, 9, 8).Input("p", OnnxDataType.UInt8, 6, 8).Input("g", OnnxDataType.UInt8, 8).Input("h", OnnxDataType.UInt8, 8).Initializer("f", [], 0.1f).Initializer("z", [], (byte)1)
            .Initializer("at", [3], 0, 1, 2).Node("DequantizeLinear", ["t", "f", "z"], ["rt"]).Node("DequantizeLinear", ["p", "f", "z"], ["rp"]).Node("DequantizeLinear", ["g", "f", "z"], ["rg"]).Node("DequantizeLinear", ["h", "f", "z"], ["rh"]).Node("Gather", ["rt", "w"], ["a"]).Node("Gather", ["rp", "at"], ["b"]).Node("Add", ["a", "b"], ["e"]).Node("LayerNormalization", ["e", "rg", "rh"], ["y"], ("epsilon", 0.01f)).Output("y"), low: 0, high: 5, tolerance: 1e-4);
}
