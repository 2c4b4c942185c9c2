using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class GemmFastGeluTests
{
    [Fact]
    public void Is_a_product_and_more() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 5).Input("w", OnnxDataType.Float, 5, 7).Input("b", OnnxDataType.Float, 7)
            .Node("com.microsoft", "GemmFastGelu", ["x", "w", "b"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 5).Input("w", OnnxDataType.Float, 5, 7).Input("b", OnnxDataType.Float, 7)
            .Node("MatMul", ["x", "w"], ["p"]).Node("Add", ["p", "b"], ["s"]).Node("Gelu", ["s"], ["y"], ("approximate", "tanh")).Output("y"));
}
