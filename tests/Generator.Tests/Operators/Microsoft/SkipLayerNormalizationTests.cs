using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class SkipLayerNormalizationTests
{
    [Fact]
    public void Returns_the_sum_too() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("z", OnnxDataType.Float, 2, 3, 40).Input("g", OnnxDataType.Float, 40).Input("h", OnnxDataType.Float, 40).Input("b", OnnxDataType.Float, 40)
            .Node("com.microsoft", "SkipLayerNormalization", ["x", "z", "g", "h", "b"], ["y", "", "", "s"], ("epsilon", 0.01f)).Output("y").Output("s"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("z", OnnxDataType.Float, 2, 3, 40).Input("g", OnnxDataType.Float, 40).Input("h", OnnxDataType.Float, 40).Input("b", OnnxDataType.Float, 40)
            .Node("Add", ["x", "z"], ["t"]).Node("Add", ["t", "b"], ["s"]).Node("LayerNormalization", ["s", "g", "h"], ["y"], ("epsilon", 0.01f)).Output("y").Output("s"), tolerance: 1e-4);

    [Fact]
    public void Returns_the_statistics() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("z", OnnxDataType.Float, 3, 40).Input("g", OnnxDataType.Float, 40)
            .Node("com.microsoft", "SkipLayerNormalization", ["x", "z", "g"], ["y", "m", "f"], ("epsilon", 0.01f)).Output("y").Output("m").Output("f"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("z", OnnxDataType.Float, 3, 40).Input("g", OnnxDataType.Float, 40)
            .Node("Add", ["x", "z"], ["s"]).Node("LayerNormalization", ["s", "g"], ["y", "m", "f"], ("epsilon", 0.01f)).Output("y").Output("m").Output("f"), tolerance: 1e-4);
}
