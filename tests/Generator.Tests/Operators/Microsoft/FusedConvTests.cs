using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class FusedConvTests
{
    [Fact]
    public void Applies_a_clip() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 4, 7, 7).Input("w", OnnxDataType.Float, 6, 4, 3, 3).Input("b", OnnxDataType.Float, 6)
            .Node("com.microsoft", "FusedConv", ["x", "w", "b"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("activation", "Clip"), ("activation_params", new[] { -0.5f, 1f })).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 4, 7, 7).Input("w", OnnxDataType.Float, 6, 4, 3, 3).Input("b", OnnxDataType.Float, 6)
            .Initializer("low", [], -0.5f).Initializer("high", [], 1f).Node("Conv", ["x", "w", "b"], ["c"], ("kernel_shape", new long[] { 3, 3 })).Node("Clip", ["c", "low", "high"], ["y"]).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Adds_a_skip_connection() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 4, 7, 7).Input("w", OnnxDataType.Float, 6, 4, 3, 3).Input("b", OnnxDataType.Float, 6).Input("z", OnnxDataType.Float, 1, 6, 5, 5)
            .Node("com.microsoft", "FusedConv", ["x", "w", "b", "z"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("activation", "LeakyRelu"), ("activation_params", new[] { 0.3f })).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 4, 7, 7).Input("w", OnnxDataType.Float, 6, 4, 3, 3).Input("b", OnnxDataType.Float, 6).Input("z", OnnxDataType.Float, 1, 6, 5, 5)
            .Node("Conv", ["x", "w", "b"], ["c"], ("kernel_shape", new long[] { 3, 3 })).Node("Add", ["c", "z"], ["s"]).Node("LeakyRelu", ["s"], ["y"], ("alpha", 0.3f)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Refuses_what_it_does_not_know() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 1, 4, 7, 7).Input("w", OnnxDataType.Float, 6, 4, 3, 3).Input("b", OnnxDataType.Float, 6)
        .Node("com.microsoft", "FusedConv", ["x", "w", "b"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("activation", "Cosine")).Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
