using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftQLinearConvTests
{
    [Fact]
    public void Moves_the_channels() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.UInt8, 1, 5, 5, 4).Initializer<byte>("w", [2, 4, 1, 1], (byte)1, 2, 3, 4, 5, 6, 7, 8).Initializer("sx", [], 0.1f).Initializer("zx", [], (byte)3).Initializer("sy", [], 0.15f).Initializer("zy", [], (byte)4)
            .Node("com.microsoft", "QLinearConv", ["x", "sx", "zx", "w", "sx", "zx", "sy", "zy"], ["y"], ("channels_last", 1)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.UInt8, 1, 5, 5, 4).Initializer<byte>("w", [2, 4, 1, 1], (byte)1, 2, 3, 4, 5, 6, 7, 8).Initializer("sx", [], 0.1f).Initializer("zx", [], (byte)3).Initializer("sy", [], 0.15f).Initializer("zy", [], (byte)4)
            .Node("Transpose", ["x"], ["t"], ("perm", new long[] { 0, 3, 1, 2 })).Node("QLinearConv", ["t", "sx", "zx", "w", "sx", "zx", "sy", "zy"], ["c"]).Node("Transpose", ["c"], ["y"], ("perm", new long[] { 0, 2, 3, 1 })).Output("y"), low: 0, high: 30, tolerance: 1);
}
