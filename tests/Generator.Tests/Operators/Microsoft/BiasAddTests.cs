using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class BiasAddTests
{
    [Fact]
    public void Is_a_sum() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 8).Input("b", OnnxDataType.Float, 8).Input("z", OnnxDataType.Float, 2, 3, 8)
            .Node("com.microsoft", "BiasAdd", ["x", "b", "z"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 8).Input("b", OnnxDataType.Float, 8).Input("z", OnnxDataType.Float, 2, 3, 8)
            .Node("Add", ["x", "b"], ["s"]).Node("Add", ["s", "z"], ["y"]).Output("y"));
}
