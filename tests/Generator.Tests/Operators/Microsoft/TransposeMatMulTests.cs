using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class TransposeMatMulTests
{
    [Fact]
    public void Transposes() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 4, 3).Input("b", OnnxDataType.Float, 4, 5)
            .Node("com.microsoft", "TransposeMatMul", ["a", "b"], ["y"], ("transA", 1)).Output("y"),
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 4, 3).Input("b", OnnxDataType.Float, 4, 5)
            .Node("Transpose", ["a"], ["t"]).Node("MatMul", ["t", "b"], ["y"]).Output("y"));
}
