using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MultiHeadAttentionTests
{
    [Fact]
    public void Attends() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 2, 5, 8).Input("k", OnnxDataType.Float, 2, 5, 8).Input("v", OnnxDataType.Float, 2, 5, 8)
            .Node("com.microsoft", "MultiHeadAttention", ["q", "k", "v"], ["y"], ("num_heads", 2)).Output("y"),
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 2, 5, 8).Input("k", OnnxDataType.Float, 2, 5, 8).Input("v", OnnxDataType.Float, 2, 5, 8)
            .Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", 2), ("kv_num_heads", 2)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Unpacks_all() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("p", OnnxDataType.Float, 2, 5, 2, 3, 4)
            .Node("com.microsoft", "MultiHeadAttention", ["p"], ["y"], ("num_heads", 2)).Output("y"),
        new ModelBuilder(24).Input("p", OnnxDataType.Float, 2, 5, 2, 3, 4)
            .Initializer("three", [1], 3L).Initializer("flat", [3], 0L, 0L, 8L).Node("Split", ["p"], ["p1", "p2", "p3"], ("axis", 3), ("num_outputs", 3)).Node("Reshape", ["p1", "flat"], ["q"]).Node("Reshape", ["p2", "flat"], ["k"]).Node("Reshape", ["p3", "flat"], ["v"]).Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", 2), ("kv_num_heads", 2)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Unpacks_keys_and_values() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 2, 5, 8).Input("p", OnnxDataType.Float, 2, 6, 2, 2, 4)
            .Node("com.microsoft", "MultiHeadAttention", ["q", "p"], ["y"], ("num_heads", 2)).Output("y"),
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 2, 5, 8).Input("p", OnnxDataType.Float, 2, 6, 2, 2, 4)
            .Initializer("flat", [3], 0L, 0L, 8L).Node("Split", ["p"], ["p1", "p2"], ("axis", 3), ("num_outputs", 2)).Node("Reshape", ["p1", "flat"], ["k"]).Node("Reshape", ["p2", "flat"], ["v"]).Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", 2), ("kv_num_heads", 2)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Adds_biases_and_keeps_a_cache() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 2, 3, 8).Input("k", OnnxDataType.Float, 2, 3, 8).Input("v", OnnxDataType.Float, 2, 3, 8).Input("b", OnnxDataType.Float, 24).Input("m", OnnxDataType.Float, 2, 1, 3, 7).Input("pk", OnnxDataType.Float, 2, 2, 4, 4).Input("pv", OnnxDataType.Float, 2, 2, 4, 4)
            .Node("com.microsoft", "MultiHeadAttention", ["q", "k", "v", "b", "", "m", "pk", "pv"], ["y", "nk", "nv"], ("num_heads", 2), ("unidirectional", 1)).Output("y").Output("nk").Output("nv"),
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 2, 3, 8).Input("k", OnnxDataType.Float, 2, 3, 8).Input("v", OnnxDataType.Float, 2, 3, 8).Input("b", OnnxDataType.Float, 24).Input("m", OnnxDataType.Float, 2, 1, 3, 7).Input("pk", OnnxDataType.Float, 2, 2, 4, 4).Input("pv", OnnxDataType.Float, 2, 2, 4, 4)
            .Initializer("three", [3], 8L, 8L, 8L).Node("Split", ["b", "three"], ["bq", "bk", "bv"]).Node("Add", ["q", "bq"], ["qb"]).Node("Add", ["k", "bk"], ["kb"]).Node("Add", ["v", "bv"], ["vb"]).Node("Attention", ["qb", "kb", "vb", "m", "pk", "pv"], ["y", "nk", "nv"], ("q_num_heads", 2), ("kv_num_heads", 2), ("is_causal", 1)).Output("y").Output("nk").Output("nv"), tolerance: 1e-4);

    [Fact]
    public void Needs_keys() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("q", OnnxDataType.Float, 2, 5, 8)
        .Node("com.microsoft", "MultiHeadAttention", ["q"], ["y"], ("num_heads", 2)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
