using System;
using System.Collections.Generic;
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

    /// <summary>Trees of different depths, more than are walked at a time, down to a single leaf.</summary>
    [Theory]
    [InlineData(9, 1, "BRANCH_LEQ", "SUM")]
    [InlineData(8, 3, "BRANCH_LT", "AVERAGE")]
    [InlineData(6, 2, "BRANCH_GT", "MIN")]
    [InlineData(3, 1, "BRANCH_GTE", "MAX")]
    public void TreesAreWalkedSideBySide(int trees, int targets, string mode, string aggregate) =>
        OperatorCheck.Run(Chains(trees, targets, mode, aggregate, static _ => false));

    /// <summary>NaN goes the same way in every branch, or in each another one: one answer per row, with and without NaN in it.</summary>
    [Theory]
    [InlineData("BRANCH_LEQ", true)]
    [InlineData("BRANCH_LT", true)]
    [InlineData("BRANCH_GT", true)]
    [InlineData("BRANCH_GTE", true)]
    [InlineData("BRANCH_EQ", true)]
    [InlineData("BRANCH_NEQ", true)]
    [InlineData("BRANCH_LEQ", false)]
    [InlineData("BRANCH_LT", false)]
    [InlineData("BRANCH_GT", false)]
    [InlineData("BRANCH_GTE", false)]
    [InlineData("BRANCH_EQ", false)]
    [InlineData("BRANCH_NEQ", false)]
    public void MissingValuesGoWhereTheBranchSays(string mode, bool always)
    {
        float[] x = Enumerable.Range(0, 21).Select(static i => i % 7 == 3 || i > 17 ? float.NaN : (i * 5 % 11 * 0.1f) - 0.3f).ToArray();
        x[1] = -0.2f;
        OperatorCheck.RunOn(Chains(9, 2, mode, "SUM", i => always || i % 4 == 2).ToBytes(), [Tensor.Create(ElementType.Float32, new Shape(7, 3), x)]);
    }

    /// <summary>Trees of one depth, which all take as many branches; with one tree more or less than are walked at a time; of as many features as fit.</summary>
    [Theory]
    [InlineData(1, 1, 3, (int)OnnxDataType.Float)]
    [InlineData(16, 1, 5, (int)OnnxDataType.Float)]
    [InlineData(17, 3, 200, (int)OnnxDataType.Float)]
    [InlineData(9, 1, 5, (int)OnnxDataType.Double)]
    [InlineData(15, 2, 5, (int)OnnxDataType.Double)]
    public void CompleteTrees(int trees, int targets, int features, int elements)
    {
        var type = (OnnxDataType)elements;
        const int Depth = 4;
        var nodes = new List<(long Tree, long Node, long Feature, string Mode, float Value, long True, long False)>();
        for (int tree = 0; tree < trees; tree++)
        {
            for (int n = 0; n < (2 << Depth) - 1; n++)
            {
                nodes.Add(n < (1 << Depth) - 1
                    ? (tree, n, ((tree * 7) + (n * 3)) % features, "BRANCH_LT", ((tree + (5 * n)) % 13 * 0.2f) - 1.2f, (2 * n) + 1, (2 * n) + 2)
                    : (tree, n, 0, "LEAF", 0, 0, 0));
            }
        }

        ModelBuilder model = Build(nodes, targets, "SUM", static i => i % 5 == 0, type, 7L, features);
        OperatorCheck.Run(model);
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.Schedule.Steps.Select(static s => s.Kernel).ShouldContain(static k => k.Contains("4 levels"));
    }

    /// <summary>Blocks of rows walk one tree together, and the rows that are left several trees.</summary>
    [Theory]
    [InlineData(9, 1, "BRANCH_LEQ", "SUM", false)]
    [InlineData(3, 2, "BRANCH_GT", "AVERAGE", false)]
    [InlineData(17, 1, "BRANCH_LT", "MAX", false)]
    [InlineData(5, 3, "BRANCH_EQ", "MIN", true)]
    [InlineData(16, 1, "BRANCH_GTE", "SUM", true)]
    public void RowsAreWalkedSideBySide(int trees, int targets, string mode, string aggregate, bool missing)
    {
        ModelBuilder model = Chains(trees, targets, mode, aggregate, i => missing && i % 3 == 0, 155);
        float[] x = Weights.Random(155 * 3, 3);
        x[4 * 3] = missing ? float.NaN : 0;
        x[(154 * 3) + 1] = missing ? float.NaN : 0;
        OperatorCheck.RunOn(model.ToBytes(), [Tensor.Create(ElementType.Float32, new Shape(155, 3), x)]);
    }

    [Fact]
    public void RowsOfTheRunAreWalkedSideBySide() => RunTimeSizesCheck.Run(
        Chains(11, 2, "BRANCH_LEQ", "SUM", static i => i % 2 == 0, "rows"), "rows=1..200", ["rows=1", "rows=7", "rows=8", "rows=130", "rows=200"]);

    /// <summary>What leaves nothing to read: one number per branch and leaf, and where it goes on.</summary>
    [Fact]
    public void NodesAreTheOnlyWeights()
    {
        // 0 + 1 + 2 + 3 branches in four trees in turn: 12 in eight, and 20 leaves.
        CompiledModel.Compile(Chains(8, 1, "BRANCH_LEQ", "SUM", static _ => false).ToBytes()).Result.Plan!.WeightBytes.ShouldBeInRange(32 * 8, (32 * 8) + (8 * 4) + 128);
    }

    private static ModelBuilder Chains(int trees, int targets, string mode, string aggregate, Func<int, bool> missing, object? rows = null)
    {
        var nodes = new List<(long Tree, long Node, long Feature, string Mode, float Value, long True, long False)>();
        for (int tree = 0; tree < trees; tree++)
        {
            // A chain: every branch has a leaf on one side.
            int depth = tree % 4;
            for (int d = 0; d < depth; d++)
            {
                nodes.Add((tree, 2 * d, (tree + d) % 3, mode, (0.3f * d) - 0.2f, (2 * d) + 1, (2 * d) + 2));
                nodes.Add((tree, (2 * d) + 1, 0, "LEAF", 0, 0, 0));
            }

            nodes.Add((tree, 2 * depth, 0, "LEAF", 0, 0, 0));
        }

        return Build(nodes, targets, aggregate, missing, OnnxDataType.Float, rows ?? 7, features: 3);
    }

    private static ModelBuilder Build(
        IReadOnlyList<(long Tree, long Node, long Feature, string Mode, float Value, long True, long False)> nodes,
        int targets,
        string aggregate,
        Func<int, bool> missing,
        OnnxDataType type,
        object rows,
        int features)
    {
        var leaves = nodes.Where(static n => n.Mode == "LEAF").ToArray();
        return new ModelBuilder()
            .Import("ai.onnx.ml", 1)
            .Input("x", type, [rows, features])
            .Node(
                "ai.onnx.ml",
                "TreeEnsembleRegressor",
                ["x"],
                ["y"],
                ("aggregate_function", aggregate),
                ("n_targets", (long)targets),
                ("nodes_treeids", nodes.Select(static n => n.Tree).ToArray()),
                ("nodes_nodeids", nodes.Select(static n => n.Node).ToArray()),
                ("nodes_featureids", nodes.Select(static n => n.Feature).ToArray()),
                ("nodes_modes", nodes.Select(static n => n.Mode).ToArray()),
                ("nodes_values", nodes.Select(static n => n.Value).ToArray()),
                ("nodes_truenodeids", nodes.Select(static n => n.True).ToArray()),
                ("nodes_falsenodeids", nodes.Select(static n => n.False).ToArray()),
                ("nodes_missing_value_tracks_true", nodes.Select((_, i) => missing(i) ? 1L : 0L).ToArray()),
                ("target_treeids", leaves.Select(static n => n.Tree).ToArray()),
                ("target_nodeids", leaves.Select(static n => n.Node).ToArray()),
                ("target_ids", leaves.Select((_, i) => (long)(i % targets)).ToArray()),
                ("target_weights", leaves.Select(static (_, i) => (0.25f * i) - 1).ToArray()))
            .Output("y");
    }
}
