using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftAttentionTests
{
    [Fact]
    public void Projects_and_attends() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 5, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24)
            .Node("com.microsoft", "Attention", ["x", "w", "b"], ["y"], ("num_heads", 2)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 5, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24)
            .Initializer("three", [3], 8L, 8L, 8L).Node("MatMul", ["x", "w"], ["p"]).Node("Add", ["p", "b"], ["s"]).Node("Split", ["s", "three"], ["q", "k", "v"], ("axis", 2)).Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", 2), ("kv_num_heads", 2)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Is_causal_with_a_scale() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 5, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24)
            .Node("com.microsoft", "Attention", ["x", "w", "b"], ["y"], ("num_heads", 2), ("unidirectional", 1), ("scale", 0.7f)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 5, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24)
            .Initializer("three", [3], 8L, 8L, 8L).Node("MatMul", ["x", "w"], ["p"]).Node("Add", ["p", "b"], ["s"]).Node("Split", ["s", "three"], ["q", "k", "v"], ("axis", 2)).Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", 2), ("kv_num_heads", 2), ("is_causal", 1), ("scale", 0.7f)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Takes_lengths_as_a_mask() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 5, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24).Initializer("m", [2], 3, 5)
            .Node("com.microsoft", "Attention", ["x", "w", "b", "m"], ["y"], ("num_heads", 2)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 5, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24).Initializer("m", [2], 3, 5)
            .Initializer("a", [2, 1, 1, 5], true, true, true, false, false, true, true, true, true, true).Initializer("three", [3], 8L, 8L, 8L).Node("MatMul", ["x", "w"], ["p"]).Node("Add", ["p", "b"], ["s"]).Node("Split", ["s", "three"], ["q", "k", "v"], ("axis", 2)).Node("Attention", ["q", "k", "v", "a"], ["y"], ("q_num_heads", 2), ("kv_num_heads", 2)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Keeps_keys_and_values() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24).Input("o", OnnxDataType.Float, 2, 2, 2, 4, 4)
            .Node("com.microsoft", "Attention", ["x", "w", "b", "", "o"], ["y", "n"], ("num_heads", 2), ("unidirectional", 1)).Output("y").Output("n"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24).Input("o", OnnxDataType.Float, 2, 2, 2, 4, 4)
            .Initializer("three", [3], 8L, 8L, 8L).Node("MatMul", ["x", "w"], ["p"]).Node("Add", ["p", "b"], ["s"]).Node("Split", ["s", "three"], ["q", "k", "v"], ("axis", 2)).Initializer("zero", [1], 0L).Node("Split", ["o"], ["o1", "o2"], ("num_outputs", 2)).Node("Squeeze", ["o1", "zero"], ["pk"]).Node("Squeeze", ["o2", "zero"], ["pv"]).Node("Attention", ["q", "k", "v", "", "pk", "pv"], ["y", "nk", "nv"], ("q_num_heads", 2), ("kv_num_heads", 2), ("is_causal", 1)).Node("Unsqueeze", ["nk", "zero"], ["uk"]).Node("Unsqueeze", ["nv", "zero"], ["uv"]).Node("Concat", ["uk", "uv"], ["n"], ("axis", 0)).Output("y").Output("n"), tolerance: 1e-4);

    [Fact]
    public void Refuses_shared_buffers() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 2, 5, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24)
        .Node("com.microsoft", "Attention", ["x", "w", "b"], ["y"], ("num_heads", 2), ("past_present_share_buffer", 1)).Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);

    [Fact]
    public void Refuses_a_scalar() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("x", OnnxDataType.Float).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float)
        .Node("com.microsoft", "Attention", ["x", "w", "b"], ["y"], ("num_heads", 2)).Output("y")).Message.ShouldNotContain("defect");

    [Fact]
    public void Refuses_masks_of_unknown_form() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 2, 5, 6).Input("w", OnnxDataType.Float, 6, 24).Input("b", OnnxDataType.Float, 24).Input("m", OnnxDataType.Int32, 7)
        .Node("com.microsoft", "Attention", ["x", "w", "b", "m"], ["y"], ("num_heads", 2)).Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
