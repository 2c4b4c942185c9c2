using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class BiasGeluTests
{
    [Fact]
    public void Adds_first() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("b", OnnxDataType.Float, 40)
            .Node("com.microsoft", "BiasGelu", ["x", "b"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("b", OnnxDataType.Float, 40)
            .Node("Add", ["x", "b"], ["s"]).Node("Gelu", ["s"], ["y"]).Output("y"));
}
