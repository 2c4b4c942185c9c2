using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Operators.MachineLearning;

/// <summary>Two small trees for tests of the tree operators.</summary>
/// <remarks>
/// Tree 0: x0 ≤ 0.5 → leaf of 10 for target 0 (missing: true); else x1 &lt; 2 → 20 for target 1, else 30 for both.
/// Tree 1: x0 ≤ 0.5 → 1 for target 0, else 2 for target 1.
/// </remarks>
internal static class Trees
{
    public static ModelBuilder Model(string op, string prefix, OnnxDataType type, params (string Name, object Value)[] attributes)
    {
        (string Name, object Value)[] standard =
        [
            ("nodes_treeids", new long[] { 0, 0, 0, 0, 0, 1, 1, 1 }),
            ("nodes_nodeids", new long[] { 0, 1, 2, 3, 4, 0, 1, 2 }),
            ("nodes_featureids", new long[] { 0, 0, 1, 0, 0, 0, 0, 0 }),
            ("nodes_modes", new[] { "BRANCH_LEQ", "LEAF", "BRANCH_LT", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF" }),
            ("nodes_values", new[] { 0.5f, 0, 2, 0, 0, 0.5f, 0, 0 }),
            ("nodes_truenodeids", new long[] { 1, 0, 3, 0, 0, 1, 0, 0 }),
            ("nodes_falsenodeids", new long[] { 2, 0, 4, 0, 0, 2, 0, 0 }),
            ("nodes_missing_value_tracks_true", new long[] { 1, 0, 0, 0, 0, 0, 0, 0 }),
            ($"{prefix}_treeids", new long[] { 0, 0, 0, 0, 1, 1 }),
            ($"{prefix}_nodeids", new long[] { 1, 3, 4, 4, 1, 2 }),
            ($"{prefix}_ids", new long[] { 0, 1, 0, 1, 0, 1 }),
            ($"{prefix}_weights", new[] { 10f, 20, 30, 30, 1, 2 }),
        ];
        (string, object)[] all = standard.Where(s => attributes.All(a => a.Name != s.Name)).Concat(attributes).ToArray();
        ModelBuilder model = new ModelBuilder().Import("ai.onnx.ml", 1).Input("x", type, 5, 2);
        return prefix == "class"
            ? model.Node("ai.onnx.ml", op, ["x"], ["label", "scores"], all).Output("label").Output("scores")
            : model.Node("ai.onnx.ml", op, ["x"], ["y"], all).Output("y");
    }
}
