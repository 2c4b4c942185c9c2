using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators;

public sealed class DynamicQuantizeMatMulTests
{
    [Fact]
    public void QuantisesByTheRange() => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("a", OnnxDataType.Float, 3, 17).RandomCodes("b", OnnxDataType.Int8, 17, 6).Quantization("b", 0.01f, 2, OnnxDataType.Int8)
            .Initializer("c", [6], [1f, -2, 3, 4, 5, 6]).Node("com.microsoft", "DynamicQuantizeMatMul", ["a", "b", "bs", "bz", "c"], ["y"]).Output("y"));
}
