using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class ForestScoresTests
{
    [Fact]
    public void ModesThatDifferAreLookedUp() => OperatorCheck.Run(Trees.Model(
        "TreeEnsembleRegressor",
        "target",
        OnnxDataType.Float,
        ("n_targets", 2),
        ("nodes_modes", new[] { "BRANCH_GT", "LEAF", "BRANCH_NEQ", "LEAF", "LEAF", "BRANCH_GTE", "LEAF", "LEAF" })));

    [Fact]
    public void OneTreeOfOneLeaf() => OperatorCheck.Run(new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", OnnxDataType.Float, 2, 1)
        .Node(
            "ai.onnx.ml",
            "TreeEnsembleRegressor",
            ["x"],
            ["y"],
            ("nodes_treeids", new long[] { 0 }),
            ("nodes_nodeids", new long[] { 0 }),
            ("nodes_featureids", new long[] { 0 }),
            ("nodes_modes", new[] { "LEAF" }),
            ("nodes_values", new[] { 0f }),
            ("nodes_truenodeids", new long[] { 0 }),
            ("nodes_falsenodeids", new long[] { 0 }),
            ("target_treeids", new long[] { 0 }),
            ("target_nodeids", new long[] { 0 }),
            ("target_ids", new long[] { 0 }),
            ("target_weights", new[] { 3.5f }))
        .Output("y"));
}
