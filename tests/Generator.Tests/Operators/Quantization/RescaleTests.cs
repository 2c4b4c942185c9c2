using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class RescaleTests
{
    [Fact]
    public void IsNotFoldedIntoTheWeightsBefore() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.UInt8, 1, 3, 4, 4).RandomCodes("w", OnnxDataType.Int8, 2, 3, 1, 1).Quantization("x", 0.5f, 3).Quantization("w", 0.25f, 0, OnnxDataType.Int8)
        .Node("DequantizeLinear", ["x", "xs", "xz"], ["a"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["b"]).Node("Conv", ["a", "b"], ["y"]).Output("y")).ShouldBe(["DequantizeLinear", "Conv"]);
}
