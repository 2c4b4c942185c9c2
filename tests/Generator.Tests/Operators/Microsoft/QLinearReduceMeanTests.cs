using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class QLinearReduceMeanTests
{
    [Fact]
    public void Averages_and_quantises() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("a", OnnxDataType.UInt8, 3, 5).Initializer("sx", [], 0.1f).Initializer("zx", [], (byte)3).Initializer("sy", [], 0.15f).Initializer("zy", [], (byte)4)
            .Node("com.microsoft", "QLinearReduceMean", ["a", "sx", "zx", "sy", "zy"], ["y"], ("axes", new long[] { 1 }), ("keepdims", 0)).Output("y"),
        new ModelBuilder(24).Input("a", OnnxDataType.UInt8, 3, 5).Initializer("sx", [], 0.1f).Initializer("zx", [], (byte)3).Initializer("sy", [], 0.15f).Initializer("zy", [], (byte)4)
            .Initializer("axes", [1], 1L).Node("DequantizeLinear", ["a", "sx", "zx"], ["ra"]).Node("ReduceMean", ["ra", "axes"], ["r"], ("keepdims", 0)).Node("QuantizeLinear", ["r", "sy", "zy"], ["y"]).Output("y"), low: 0, high: 255, tolerance: 1);
}
