using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators;

public sealed class MatMulIntegerToFloatTests
{
    [Fact]
    public void ScalesAndAdds() => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("a", OnnxDataType.UInt8, 3, 17).RandomCodes("b", OnnxDataType.Int8, 17, 6).Quantization("a", 0.02f, 9).Quantization("b", 0.01f, 2, OnnxDataType.Int8)
            .Initializer("c", [6], [1f, -2, 3, 4, 5, 6]).Node("com.microsoft", "MatMulIntegerToFloat", ["a", "b", "as", "bs", "az", "bz", "c"], ["y"]).Output("y"), low: 0, high: 255);
}
