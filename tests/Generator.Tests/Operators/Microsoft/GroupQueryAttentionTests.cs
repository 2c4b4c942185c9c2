using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class GroupQueryAttentionTests
{
    [Fact]
    public void Shares_keys_and_values() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 1, 5, 32).Input("k", OnnxDataType.Float, 1, 5, 16).Input("v", OnnxDataType.Float, 1, 5, 16).Input("n", OnnxDataType.Int32, 1).Initializer("t", [], 5)
            .Node("com.microsoft", "GroupQueryAttention", ["q", "k", "v", "", "", "n", "t"], ["y", "nk", "nv"], ("num_heads", 4), ("kv_num_heads", 2)).Output("y"),
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 1, 5, 32).Input("k", OnnxDataType.Float, 1, 5, 16).Input("v", OnnxDataType.Float, 1, 5, 16).Input("n", OnnxDataType.Int32, 1).Initializer("t", [], 5)
            .Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", 4), ("kv_num_heads", 2), ("is_causal", 1)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Caps_scores() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 1, 5, 32).Input("k", OnnxDataType.Float, 1, 5, 16).Input("v", OnnxDataType.Float, 1, 5, 16).Input("n", OnnxDataType.Int32, 1).Initializer("t", [], 5)
            .Node("com.microsoft", "GroupQueryAttention", ["q", "k", "v", "", "", "n", "t"], ["y", "nk", "nv"], ("num_heads", 4), ("kv_num_heads", 2), ("softcap", 2f)).Output("y"),
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 1, 5, 32).Input("k", OnnxDataType.Float, 1, 5, 16).Input("v", OnnxDataType.Float, 1, 5, 16).Input("n", OnnxDataType.Int32, 1).Initializer("t", [], 5)
            .Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", 4), ("kv_num_heads", 2), ("is_causal", 1), ("softcap", 2f)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Appends_one_key() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 1, 1, 32).Input("k", OnnxDataType.Float, 1, 1, 16).Input("v", OnnxDataType.Float, 1, 1, 16).Input("pk", OnnxDataType.Float, 1, 2, 6, 8).Input("pv", OnnxDataType.Float, 1, 2, 6, 8).Input("n", OnnxDataType.Int32, 1).Initializer("t", [], 7)
            .Node("com.microsoft", "GroupQueryAttention", ["q", "k", "v", "pk", "pv", "n", "t"], ["y", "nk", "nv"], ("num_heads", 4), ("kv_num_heads", 2)).Output("y").Output("nk").Output("nv"),
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 1, 1, 32).Input("k", OnnxDataType.Float, 1, 1, 16).Input("v", OnnxDataType.Float, 1, 1, 16).Input("pk", OnnxDataType.Float, 1, 2, 6, 8).Input("pv", OnnxDataType.Float, 1, 2, 6, 8).Input("n", OnnxDataType.Int32, 1).Initializer("t", [], 7)
            .Node("Attention", ["q", "k", "v", "", "pk", "pv"], ["y", "nk", "nv"], ("q_num_heads", 4), ("kv_num_heads", 2), ("is_causal", 1)).Output("y").Output("nk").Output("nv"), tolerance: 1e-4);

    [Fact]
    public void Writes_into_a_cache_of_many_lengths() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 2, 1, 32).Input("k", OnnxDataType.Float, 2, 1, 16).Input("v", OnnxDataType.Float, 2, 1, 16).Input("pk", OnnxDataType.Float, 2, 2, 6, 8).Input("pv", OnnxDataType.Float, 2, 2, 6, 8).Initializer("n", [2], 5, 2).Initializer("t", [], 6)
            .Node("com.microsoft", "GroupQueryAttention", ["q", "k", "v", "pk", "pv", "n", "t"], ["y", "nk", "nv"], ("num_heads", 4), ("kv_num_heads", 2)).Output("y").Output("nk").Output("nv"),
        new ModelBuilder(24).Input("q", OnnxDataType.Float, 2, 1, 32).Input("k", OnnxDataType.Float, 2, 1, 16).Input("v", OnnxDataType.Float, 2, 1, 16).Input("pk", OnnxDataType.Float, 2, 2, 6, 8).Input("pv", OnnxDataType.Float, 2, 2, 6, 8).Initializer("n", [2], 5, 2).Initializer("t", [], 6)
            .Initializer("at", [2], 5L, 2L).Initializer("m", [2, 1, 1, 6], true, true, true, true, true, true, true, true, true, false, false, false).Initializer("heads", [4], 0L, 0L, 2L, 8L).Node("Reshape", ["k", "heads"], ["k4"]).Node("Transpose", ["k4"], ["kt"], ("perm", new long[] { 0, 2, 1, 3 })).Node("TensorScatter", ["pk", "kt", "at"], ["nk"]).Node("Reshape", ["v", "heads"], ["v4"]).Node("Transpose", ["v4"], ["vt"], ("perm", new long[] { 0, 2, 1, 3 })).Node("TensorScatter", ["pv", "vt", "at"], ["nv"]).Initializer("qheads", [4], 0L, 0L, 4L, 8L).Initializer("flat", [3], 0L, 0L, 32L).Node("Reshape", ["q", "qheads"], ["q4"]).Node("Transpose", ["q4"], ["qt"], ("perm", new long[] { 0, 2, 1, 3 })).Node("Attention", ["qt", "nk", "nv", "m"], ["y4"]).Node("Transpose", ["y4"], ["yt"], ("perm", new long[] { 0, 2, 1, 3 })).Node("Reshape", ["yt", "flat"], ["y"]).Output("y").Output("nk").Output("nv"), tolerance: 1e-4);

    /// <summary>The cache keeps its length while it has room, and grows by the present keys if not.</summary>
    [Theory]
    [InlineData(4, 6)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    public void Takes_a_total_length_of_the_run(int total, int cells)
    {
        ModelBuilder Start() => new ModelBuilder(24).Import("com.microsoft", 1).Input("q", OnnxDataType.Float, 1, 2, 32).Input("k", OnnxDataType.Float, 1, 2, 16).Input("v", OnnxDataType.Float, 1, 2, 16)
            .Input("pk", OnnxDataType.Float, 1, 2, 6, 8).Input("pv", OnnxDataType.Float, 1, 2, 6, 8).Input("n", OnnxDataType.Int32, 1);
        byte[] Finish(ModelBuilder model) => model.Node("com.microsoft", "GroupQueryAttention", ["q", "k", "v", "pk", "pv", "n", "t"], ["y", "nk", "nv"], ("num_heads", 4), ("kv_num_heads", 2))
            .Output("y").Output("nk").Output("nv").ToBytes();
        byte[] atRunTime = Finish(Start().Input("t", OnnxDataType.Int32));
        var random = new Random(1);
        Tensor[] inputs = OperatorCheck.Import(atRunTime).Inputs.Take(5).Select(v => OperatorCheck.RandomTensor(v, random)).Append(Tensor.Create(ElementType.Int32, new Shape(1), new[] { total - 1 })).ToArray();
        Tensor[] all = [.. inputs, Tensor.Create(ElementType.Int32, Shape.Scalar, new[] { total })];
        IReadOnlyList<Tensor> actual = GraphInterpreter.Run(OperatorCheck.Import(atRunTime), all);
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(OperatorCheck.Import(Finish(Start().Initializer("t", [], total))), inputs);
        for (int i = 0; i < expected.Count; i++)
        {
            OperatorCheck.AssertClose(actual[i], expected[i], 1e-5, 1e-5, $"output {i}");
        }

        actual[1].Shape[2].ShouldBe(cells);
        OperatorCheck.RunOn(atRunTime, all, 1e-4, 1e-4);
    }

    [Fact]
    public void Heads_must_fit() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("q", OnnxDataType.Float, 1, 5, 32).Input("k", OnnxDataType.Float, 1, 5, 16).Input("v", OnnxDataType.Float, 1, 5, 16).Input("n", OnnxDataType.Int32, 1).Initializer("t", [], 5)
        .Node("com.microsoft", "GroupQueryAttention", ["q", "k", "v", "", "", "n", "t"], ["y", "nk", "nv"], ("num_heads", 3), ("kv_num_heads", 2)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
