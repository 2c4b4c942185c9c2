using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class FastGeluTests
{
    [Fact]
    public void Adds_first() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("b", OnnxDataType.Float, 40)
            .Node("com.microsoft", "FastGelu", ["x", "b"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("b", OnnxDataType.Float, 40)
            .Node("Add", ["x", "b"], ["s"]).Node("Gelu", ["s"], ["y"], ("approximate", "tanh")).Output("y"));

    [Fact]
    public void Needs_no_bias() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("com.microsoft", "FastGelu", ["x"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("Gelu", ["x"], ["y"], ("approximate", "tanh")).Output("y"));
}
