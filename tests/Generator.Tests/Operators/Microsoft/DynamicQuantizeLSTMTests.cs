using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class DynamicQuantizeLSTMTests
{
    [Fact]
    public void Dequantises_its_weights() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 4, 3, 2).Input("b", OnnxDataType.Float, 1, 16).Initializer<sbyte>("w", [1, 2, 8], (sbyte)-50, -13, 24, -40, -3, 34, -30, 7, 44, -20, 17, -47, -10, 27, -37, 0).Initializer<sbyte>("r", [1, 2, 8], (sbyte)-40, -17, 6, 29, -39, -16, 7, 30, -38, -15, 8, 31, -37, -14, 9, 32).Initializer("s", [1], 0.01f).Initializer("z", [1], (sbyte)2)
            .Node("com.microsoft", "DynamicQuantizeLSTM", ["x", "w", "r", "b", "", "", "", "", "s", "z", "s", "z"], ["y", "h", "c"], ("hidden_size", 2)).Output("y").Output("h").Output("c"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 4, 3, 2).Input("b", OnnxDataType.Float, 1, 16).Initializer<sbyte>("w", [1, 2, 8], (sbyte)-50, -13, 24, -40, -3, 34, -30, 7, 44, -20, 17, -47, -10, 27, -37, 0).Initializer<sbyte>("r", [1, 2, 8], (sbyte)-40, -17, 6, 29, -39, -16, 7, 30, -38, -15, 8, 31, -37, -14, 9, 32).Initializer("s", [1], 0.01f).Initializer("z", [1], (sbyte)2)
            .Initializer("s0", [], 0.01f).Initializer("z0", [], (sbyte)2).Node("DequantizeLinear", ["w", "s0", "z0"], ["dw"]).Node("Transpose", ["dw"], ["tw"], ("perm", new long[] { 0, 2, 1 })).Node("DequantizeLinear", ["r", "s0", "z0"], ["dr"]).Node("Transpose", ["dr"], ["tr"], ("perm", new long[] { 0, 2, 1 })).Node("LSTM", ["x", "tw", "tr", "b"], ["y", "h", "c"], ("hidden_size", 2)).Output("y").Output("h").Output("c"), tolerance: 1e-4);
}
