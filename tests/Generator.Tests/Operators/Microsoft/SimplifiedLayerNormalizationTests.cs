using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class SimplifiedLayerNormalizationTests
{
    [Fact]
    public void Is_a_root_mean_square() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("g", OnnxDataType.Float, 40)
            .Node("SimplifiedLayerNormalization", ["x", "g"], ["y"], ("epsilon", 0.01f)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("g", OnnxDataType.Float, 40)
            .Node("RMSNormalization", ["x", "g"], ["y"], ("epsilon", 0.01f)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Returns_the_factor() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 4).Input("g", OnnxDataType.Float, 3, 4)
            .Node("SimplifiedLayerNormalization", ["x", "g"], ["y", "f"], ("axis", 1), ("epsilon", 0f)).Output("y").Output("f"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 4).Input("g", OnnxDataType.Float, 3, 4)
            .Initializer("axes", [2], 1L, 2L).Node("RMSNormalization", ["x", "g"], ["y"], ("axis", 1), ("epsilon", 0f)).Node("Mul", ["x", "x"], ["q"]).Node("ReduceMean", ["q", "axes"], ["v"]).Node("Sqrt", ["v"], ["r"]).Node("Reciprocal", ["r"], ["f"]).Output("y").Output("f"), tolerance: 1e-4);
}
