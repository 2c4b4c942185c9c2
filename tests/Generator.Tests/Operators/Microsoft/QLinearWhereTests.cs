using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class QLinearWhereTests
{
    [Fact]
    public void Chooses_and_quantises() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("c", OnnxDataType.Bool, 3, 4).Input("a", OnnxDataType.UInt8, 3, 4).Input("b", OnnxDataType.UInt8, 3, 4).Initializer("sx", [], 0.1f).Initializer("zx", [], (byte)3).Initializer("sy", [], 0.15f).Initializer("zy", [], (byte)4)
            .Node("com.microsoft", "QLinearWhere", ["c", "a", "sx", "zx", "b", "sy", "zy", "sy", "zy"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("c", OnnxDataType.Bool, 3, 4).Input("a", OnnxDataType.UInt8, 3, 4).Input("b", OnnxDataType.UInt8, 3, 4).Initializer("sx", [], 0.1f).Initializer("zx", [], (byte)3).Initializer("sy", [], 0.15f).Initializer("zy", [], (byte)4)
            .Node("DequantizeLinear", ["a", "sx", "zx"], ["ra"]).Node("DequantizeLinear", ["b", "sy", "zy"], ["rb"]).Node("Where", ["c", "ra", "rb"], ["r"]).Node("QuantizeLinear", ["r", "sy", "zy"], ["y"]).Output("y"), low: 0, high: 255);
}
