using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.MachineLearning;

namespace AotCompiler.Kernels;

/// <summary>
/// Walks the trees of a <see cref="PackedForest"/>, several side by side: each branch waits for the one before it, and the walks of other
/// trees fill that time. No jump depends on a sample, but for one that has NaN where branches say where it goes.
/// </summary>
internal sealed class PackedForestStep : Step
{
    /// <summary>Trees that are walked at a time: what they keep fits the registers.</summary>
    public const int TreesAtATime = 8;

    private readonly TensorView _samples;
    private readonly PackedForest _forest;
    private readonly TensorView _roots;
    private readonly IReadOnlyList<int>? _levels;
    private readonly TensorView? _levelTable;
    private readonly TensorView _nodes;
    private readonly TensorView _row;
    private readonly ForestLeaves _leaves;
    private readonly BranchMode _mode;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="samples">Dense [rows, features].</param>
    /// <param name="forest">The trees.</param>
    /// <param name="roots">i32: the places of their first nodes.</param>
    /// <param name="levels">How many branches the walks of each group of trees take; null if they go on until all have ended.</param>
    /// <param name="levelTable">The same as i32 in memory; null if they are all the same.</param>
    /// <param name="nodes">Their nodes.</param>
    /// <param name="row">Memory for a sample and NaN.</param>
    /// <param name="leaves">What leaves hold.</param>
    /// <param name="mode">How branches compare.</param>
    public PackedForestStep(
        Node node,
        TensorView samples,
        PackedForest forest,
        TensorView roots,
        IReadOnlyList<int>? levels,
        TensorView? levelTable,
        TensorView nodes,
        TensorView row,
        ForestLeaves leaves,
        BranchMode mode)
        : base(node, node.Name)
    {
        _samples = samples;
        _forest = forest;
        _roots = roots;
        _levels = levels;
        _levelTable = levelTable;
        _nodes = nodes;
        _row = row;
        _leaves = leaves;
        _mode = mode;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads =>
        new[] { _samples, _roots, _nodes }.Concat(_levelTable is null ? Array.Empty<TensorView>() : new[] { _levelTable }).Concat(_leaves.Reads).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _leaves.Output };

    public override IReadOnlyList<Storage> Scratch => new[] { _row.Storage };

    public override string Kernel => $"forest of {Trees} trees, {(_levels is null ? "walked to the end" : $"{_levels.Max()} levels")}, {TreesAtATime} at a time";

    public override string Summary => $"{Trees} decision trees, joined by {_leaves.Aggregate.ToString().ToLowerInvariant()}";

    private int Trees => _forest.Roots.Length;

    private string Element => _forest.Type.CSharpName();

    private string ChildMask => $"0x{(1UL << _forest.ChildBits) - 1:X}u";

    private string MissingMask => $"0x{1UL << _forest.ChildBits:X}u";

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_samples, "x", _samples.Describe());
        string y = writer.Pointer(_leaves.Output, "y", _leaves.Output.Describe());
        writer.Pointer(_roots, "roots");
        writer.Pointer(_nodes, "nodes");
        writer.Pointer(_row, "sample");
        if (_levelTable is not null)
        {
            writer.Pointer(_levelTable, "levels");
        }

        _leaves.EmitPointers(writer);
        writer.Line($"sample[{_forest.Features}] = {Element}.NaN;");
        using (writer.For("row", _leaves.Output.Shape.Extent(0)))
        {
            EmitSample(writer, x);
            _leaves.EmitStart(writer, y);
            if (_forest.TracksMissing)
            {
                using (writer.Block("if (!missing)"))
                {
                    EmitGroups(writer);
                }

                EmitMissing(writer);
            }
            else
            {
                EmitGroups(writer);
            }

            _leaves.EmitFinish(writer);
        }
    }

    private void EmitSample(StepWriter writer, string x)
    {
        if (_forest.TracksMissing)
        {
            writer.Line("bool missing = false;");
        }

        using (writer.For("f", _forest.Features))
        {
            writer.Line($"sample[f] = {x}[(row * {_forest.Features}L) + f];");
            if (_forest.TracksMissing)
            {
                writer.Line("missing |= sample[f] != sample[f];");
            }
        }
    }

    /// <summary>All trees, in groups; the leaves are added in the order of the trees.</summary>
    private void EmitGroups(StepWriter writer)
    {
        int together = writer.IsCompact ? 1 : TreesAtATime;
        int first = Trees / together * together;
        if (first > 0)
        {
            using (writer.For("tree", first, together))
            {
                EmitGroup(writer, together);
            }
        }

        if (first < Trees)
        {
            using (writer.For("tree", Trees, Trees - first, first))
            {
                EmitGroup(writer, Trees - first);
            }
        }
    }

    private void EmitGroup(StepWriter writer, int together)
    {
        for (int k = 0; k < together; k++)
        {
            writer.Line($"long at{k} = roots[tree + {k}];");
        }

        if (_levels is null)
        {
            EmitUntilEnd(writer, together);
        }
        else if (_levels.Max() > 0)
        {
            string levels = _levelTable is null ? $"{_levels[0]}" : $"levels[tree / {TreesAtATime}]";
            using (writer.Block($"for (int level = {levels}; level > 0; level--)"))
            {
                for (int k = 0; k < together; k++)
                {
                    EmitBranch(writer, k, $"at{k}");
                }
            }
        }

        for (int k = 0; k < together; k++)
        {
            EmitLeaf(writer, $"at{k}");
        }
    }

    private void EmitUntilEnd(StepWriter writer, int together)
    {
        writer.Line("long moved;");
        using (writer.Block("do"))
        {
            writer.Line("moved = 0;");
            for (int k = 0; k < together; k++)
            {
                writer.Line($"long before{k} = at{k};");
                EmitBranch(writer, k, $"at{k}");
                writer.Line($"moved |= at{k} ^ before{k};");
            }
        }

        writer.Line("while (moved != 0);");
    }

    private void EmitBranch(StepWriter writer, int k, string at)
    {
        writer.Line($"{Element}* node{k} = nodes + (2 * {at});");
        writer.Line($"uint next{k} = *(uint*)(node{k} + 1);");
        writer.Line($"{at} = (next{k} & {ChildMask}) + (sample[next{k} >> {_forest.ChildBits + 1}] {ForestStep.Operator(_mode)} *node{k} ? 1L : 0L);");
    }

    /// <summary>A sample with NaN, tree by tree.</summary>
    private void EmitMissing(StepWriter writer)
    {
        using (writer.Block($"for (int tree = missing ? 0 : {Trees}; tree < {Trees}; tree++)"))
        {
            writer.Line("long at;");
            writer.Line("long child = roots[tree];");
            using (writer.Block("do"))
            {
                writer.Line("at = child;");
                writer.Line("uint next = *(uint*)(nodes + (2 * at) + 1);");
                writer.Line($"{Element} value = sample[next >> {_forest.ChildBits + 1}];");
                writer.Line($"bool holds = value {ForestStep.Operator(_mode)} nodes[2 * at] | (value != value & (next & {MissingMask}) != 0);");
                writer.Line($"child = (next & {ChildMask}) + (holds ? 1L : 0L);");
            }

            writer.Line("while (child != at);");
            EmitLeaf(writer, "at");
        }
    }

    private void EmitLeaf(StepWriter writer, string at)
    {
        if (_leaves.Weights is null)
        {
            _leaves.EmitWeight(writer, $"nodes[2 * {at}]", string.Empty);
        }
        else
        {
            _leaves.Emit(writer, $"*(int*)(nodes + (2 * {at}))");
        }
    }
}
