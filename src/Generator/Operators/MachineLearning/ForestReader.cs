using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>Makes a <see cref="Forest"/> of the parallel arrays that ONNX describes trees by.</summary>
internal sealed class ForestReader
{
    private static readonly string[] _modes = { "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ" };

    private readonly InferContext _context;

    public ForestReader(InferContext context) => _context = context;

    private AttributeMap Attributes => _context.Attributes;

    /// <summary>Nodes are named by tree and number; the first node of each tree is its root.</summary>
    public Forest Read(string prefix)
    {
        long[] trees = Ints("nodes_treeids", null);
        int count = trees.Length;
        long[] ids = Ints("nodes_nodeids", count);
        string[] modes = Attributes.Strings("nodes_modes") ?? Array.Empty<string>();
        if (modes.Length != count)
        {
            throw Malformed($"nodes_modes has {modes.Length} entries where {count} are needed");
        }

        long[] features = Ints("nodes_featureids", count);
        double[] values = Reals("nodes_values", count);
        long[] missing = Attributes.Ints("nodes_missing_value_tracks_true") is { Length: > 0 } given ? given : new long[count];
        var branches = new List<Branch>();
        var leaves = new List<Leaf>();
        Dictionary<(long Tree, long Node), List<(long, double)>> weights = Weights(prefix);
        var position = new Dictionary<(long Tree, long Node), int>();
        for (int i = 0; i < count; i++)
        {
            (long, long) key = (trees[i], ids[i]);
            if (position.ContainsKey(key))
            {
                throw Malformed($"tree {trees[i]} has node {ids[i]} twice");
            }

            if (modes[i] == "LEAF")
            {
                position[key] = ~leaves.Count;
                leaves.Add(new Leaf(weights.TryGetValue(key, out List<(long, double)>? own) ? own : new List<(long, double)>()));
            }
            else
            {
                position[key] = branches.Count;
                branches.Add(new Branch(ModeOf(modes[i]), Whole(features[i]), values[i], i < missing.Length && missing[i] != 0, Array.Empty<double>()));
            }
        }

        Connect(branches, position, trees, ids, modes);
        List<int> roots = Enumerable.Range(0, count).Where(i => i == 0 || trees[i] != trees[i - 1]).Select(i => position[(trees[i], ids[i])]).ToList();
        return Forest.Checked(_context, branches, roots, leaves, Targets(prefix));
    }

    /// <summary>TreeEnsemble: nodes are numbered through, and leaves are arrays of their own, one weight each.</summary>
    public Forest ReadEnsemble()
    {
        long[] features = Ints("nodes_featureids", null);
        int count = features.Length;
        byte[] modes = (Attributes.Tensor("nodes_modes") ?? throw Malformed("nodes_modes is absent")).Bytes.ToArray();
        double[] splits = Numbers("nodes_splits", count);
        long[] missing = Attributes.Ints("nodes_missing_value_tracks_true") is { Length: > 0 } given ? given : new long[count];
        long[] targets = Ints("leaf_targetids", null);
        double[] weights = Numbers("leaf_weights", targets.Length);
        List<IReadOnlyList<double>> sets = MemberSets();
        if (modes.Length != count || missing.Length != count || modes.Any(static m => m > (int)BranchMode.Member) || modes.Count(static m => m == (int)BranchMode.Member) > sets.Count)
        {
            throw Malformed("nodes_modes, nodes_missing_value_tracks_true and membership_values do not fit together");
        }

        int set = 0;
        List<Branch> branches = Enumerable.Range(0, count)
            .Select(i => new Branch((BranchMode)modes[i], Whole(features[i]), splits[i], missing[i] != 0, modes[i] == (int)BranchMode.Member ? sets[set++] : Array.Empty<double>()))
            .ToList();
        ConnectEnsemble(branches, targets.Length);
        List<Leaf> leaves = targets.Select((t, i) => new Leaf(new[] { (t, weights[i]) })).ToList();
        long[] roots = Ints("tree_roots", null);
        if (roots.Any(r => r < 0 || r >= count))
        {
            throw Malformed("tree_roots names a node that does not exist");
        }

        return Forest.Checked(_context, branches, roots.Select(r => RootOf(branches, (int)r)).ToList(), leaves, Attributes.Int("n_targets", 1));
    }

    /// <summary>A tree of one leaf is written as a branch whose sides are the same leaf.</summary>
    private static int RootOf(List<Branch> branches, int root) =>
        branches[root].True < 0 && branches[root].True == branches[root].False ? branches[root].True : root;

    private void ConnectEnsemble(List<Branch> branches, int leaves)
    {
        int count = branches.Count;
        long[] yes = Ints("nodes_truenodeids", count);
        long[] yesLeaf = Ints("nodes_trueleafs", count);
        long[] no = Ints("nodes_falsenodeids", count);
        long[] noLeaf = Ints("nodes_falseleafs", count);
        for (int i = 0; i < count; i++)
        {
            branches[i].True = Child(yes[i], yesLeaf[i], count, leaves);
            branches[i].False = Child(no[i], noLeaf[i], count, leaves);
        }
    }

    private int Child(long number, long isLeaf, int branches, int leaves)
    {
        if (number < 0 || number >= (isLeaf != 0 ? leaves : branches))
        {
            throw Malformed($"a branch leads to {(isLeaf != 0 ? "leaf" : "node")} {number}, which does not exist");
        }

        return isLeaf != 0 ? ~(int)number : (int)number;
    }

    private void Connect(List<Branch> branches, Dictionary<(long Tree, long Node), int> position, long[] trees, long[] ids, string[] modes)
    {
        long[] yes = Ints("nodes_truenodeids", trees.Length);
        long[] no = Ints("nodes_falsenodeids", trees.Length);
        for (int i = 0; i < trees.Length; i++)
        {
            if (modes[i] == "LEAF")
            {
                continue;
            }

            Branch branch = branches[position[(trees[i], ids[i])]];
            if (!position.TryGetValue((trees[i], yes[i]), out int whenTrue) || !position.TryGetValue((trees[i], no[i]), out int whenFalse))
            {
                throw Malformed($"node {ids[i]} of tree {trees[i]} leads to a node that does not exist");
            }

            branch.True = whenTrue;
            branch.False = whenFalse;
        }
    }

    private Dictionary<(long Tree, long Node), List<(long, double)>> Weights(string prefix)
    {
        long[] trees = Ints($"{prefix}_treeids", null);
        long[] nodes = Ints($"{prefix}_nodeids", trees.Length);
        long[] targets = Ints($"{prefix}_ids", trees.Length);
        double[] weights = Reals($"{prefix}_weights", trees.Length);
        var result = new Dictionary<(long Tree, long Node), List<(long, double)>>();
        for (int i = 0; i < trees.Length; i++)
        {
            if (!result.TryGetValue((trees[i], nodes[i]), out List<(long, double)>? list))
            {
                result[(trees[i], nodes[i])] = list = new List<(long, double)>();
            }

            list.Add((targets[i], weights[i]));
        }

        return result;
    }

    private long Targets(string prefix) => prefix == "target"
        ? Attributes.Int("n_targets", 1)
        : ClassLabels.Require(_context, "classlabels_int64s").Count;

    /// <summary>The sets of numbers, which NaNs separate.</summary>
    private List<IReadOnlyList<double>> MemberSets()
    {
        var sets = new List<IReadOnlyList<double>>();
        if (Attributes.Tensor("membership_values") is not { } tensor)
        {
            return sets;
        }

        var current = new List<double>();
        for (int i = 0; i < tensor.Shape.ElementCount; i++)
        {
            double value = ElementEvaluation.Read(tensor, i);
            if (double.IsNaN(value))
            {
                sets.Add(current);
                current = new List<double>();
            }
            else
            {
                current.Add(value);
            }
        }

        sets.Add(current);
        return sets;
    }

    private BranchMode ModeOf(string mode)
    {
        int index = Array.IndexOf(_modes, mode);
        return index >= 0 ? (BranchMode)index : throw Malformed($"a node has the mode '{mode}'; defined are {string.Join(", ", _modes)}, LEAF");
    }

    private int Whole(long feature) => feature is >= 0 and <= int.MaxValue ? (int)feature : throw Malformed($"a node reads feature {feature}");

    private long[] Ints(string name, int? count)
    {
        long[] values = Attributes.Ints(name) ?? Array.Empty<long>();
        return count is null || values.Length == count ? values : throw Malformed($"{name} has {values.Length} entries where {count} are needed");
    }

    /// <summary>Reals in one of the two forms: a list of floats, or a tensor of doubles whose name ends with _as_tensor.</summary>
    private double[] Reals(string name, int count)
    {
        if (Attributes.Tensor($"{name}_as_tensor") is not null)
        {
            return Numbers($"{name}_as_tensor", count);
        }

        float[] values = Attributes.Floats(name) ?? Array.Empty<float>();
        return values.Length == count ? values.Select(static v => (double)v).ToArray() : throw Malformed($"{name} has {values.Length} entries where {count} are needed");
    }

    private double[] Numbers(string name, int count)
    {
        Tensor tensor = Attributes.Tensor(name) ?? throw Malformed($"{name} is absent");
        return tensor.Shape.ElementCount == count
            ? Enumerable.Range(0, count).Select(i => ElementEvaluation.Read(tensor, i)).ToArray()
            : throw Malformed($"{name} has {tensor.Shape.ElementCount} entries where {count} are needed");
    }

    private ModelException Malformed(string reason) => _context.Fail(DiagnosticCodes.GraphMalformed, reason);
}
