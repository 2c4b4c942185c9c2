using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.MachineLearning;

namespace AotCompiler.Kernels;

/// <summary>
/// Walks the trees of a <see cref="PackedForest"/>, several at a time: each branch waits for the one before it, and other walks fill that
/// time. Blocks of rows walk one tree after the other, which stays in the nearest cache; single rows walk several trees. No jump depends on
/// a sample, but for how long a walk is, and for NaN where branches say where it goes.
/// </summary>
internal sealed class PackedForestStep : Step
{
    /// <summary>Walks at a time: what they keep fits the registers.</summary>
    public const int Together = 8;

    /// <summary>Most rows of a block: their samples stay in the nearest cache beside a tree.</summary>
    private const int MaxBlockRows = 64;

    private const int BlockElements = 4096;

    private readonly TensorView _samples;
    private readonly PackedForest _forest;
    private readonly TensorView _roots;
    private readonly ForestLevels? _levels;
    private readonly TensorView _nodes;
    private readonly TensorView _block;
    private readonly ForestLeaves _leaves;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="samples">Dense [rows, features].</param>
    /// <param name="forest">The trees.</param>
    /// <param name="roots">i32: the places of their first nodes.</param>
    /// <param name="levels">How many branches walks take; null if they go on until all have ended.</param>
    /// <param name="nodes">Their nodes.</param>
    /// <param name="block">Memory for <see cref="BlockRows"/> samples, each with NaN behind.</param>
    /// <param name="leaves">What leaves hold.</param>
    public PackedForestStep(
        Node node, TensorView samples, PackedForest forest, TensorView roots, ForestLevels? levels, TensorView nodes, TensorView block, ForestLeaves leaves)
        : base(node, node.Name)
    {
        _samples = samples;
        _forest = forest;
        _roots = roots;
        _levels = levels;
        _nodes = nodes;
        _block = block;
        _leaves = leaves;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads =>
        new[] { _samples, _roots, _nodes }.Concat(_levels?.Reads ?? Array.Empty<TensorView>()).Concat(_leaves.Reads).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _leaves.Output };

    public override IReadOnlyList<Storage> Scratch => new[] { _block.Storage };

    public override string Kernel => $"forest of {Trees} trees, {(_levels is null ? "walked to the end" : $"{_forest.Depths.Max()} levels")}, {Together} at a time";

    public override string Summary => _leaves.Summary;

    private int Trees => _forest.Roots.Length;

    private string Element => _forest.Type.CSharpName();

    private string ChildMask => $"0x{(1UL << _forest.ChildBits) - 1:X}";

    private string MissingMask => $"0x{1UL << _forest.ChildBits:X}";

    private int RowLength => _forest.Features + 1;

    private bool HasBlocks => BlockRows(_forest, _samples.Shape[0]) > 1;

    /// <summary>Rows that are walked together, a multiple of <see cref="Together"/>; 1 if there are fewer.</summary>
    public static int BlockRows(PackedForest forest, int rows)
    {
        int most = Math.Max(Together, Math.Min(MaxBlockRows, BlockElements / (forest.Features + 1) / Together * Together));
        return rows < Together ? 1 : Math.Min(most, rows / Together * Together);
    }

    public override bool SharesRunTimeSizes => true;

    /// <summary>Rows that are walked together at least, if each share's samples have room on its thread's stack.</summary>
    public override Extent ParallelExtent(Simd simd) => _block.TouchedBytes <= StepWriter.MaxLocalBytes
        ? Extent.Of((_samples.Shape.Extent(0).Expression + Size.Of(UnitRows - 1)).FloorDivide(UnitRows))
        : 1;

    private int UnitRows => HasBlocks ? Together : 1;

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_samples, "x", _samples.Describe());
        string y = writer.Pointer(_leaves.Output, "y", _leaves.Output.Describe());
        writer.Pointer(_roots, "roots");
        writer.Pointer(_nodes, "nodes");
        string? block = writer.IsShared ? null : writer.Pointer(_block, "block");
        _levels?.EmitPointers(writer);
        _leaves.EmitPointers(writer);
        if (block is null)
        {
            writer.Line($"{Element}* block = ({Element}*){writer.Local("blockBytes", _block.TouchedBytes, "samples of a block of rows")};");
        }

        string rows = EmitRange(writer);
        if (HasBlocks && !writer.IsCompact)
        {
            int most = BlockRows(_forest, _samples.Shape[0]);
            using (writer.Block($"for (int rows; row + {Together} <= {rows}; row += rows)"))
            {
                writer.Line($"rows = {rows} - row < {most} ? ({rows} - row) / {Together} * {Together} : {most};");
                EmitSamples(writer, x, "rows");
                EmitStarts(writer, y, "rows");
                EmitUnlessMissing(writer, () => EmitBlock(writer, y), () => EmitMissing(writer, y, "rows"));
                EmitFinishes(writer, y, "rows");
            }
        }

        using (writer.Block($"for (; row < {rows}; row++)"))
        {
            EmitSamples(writer, x, "1");
            EmitStarts(writer, y, "1");
            EmitUnlessMissing(writer, () => EmitTrees(writer, y), () => EmitMissing(writer, y, "1"));
            EmitFinishes(writer, y, "1");
        }
    }

    /// <summary>Declares <c>row</c>, the first one, and returns the number of the one behind the last.</summary>
    private string EmitRange(StepWriter writer)
    {
        string rows = writer.Value(_samples.Shape.Extent(0));
        if (!writer.IsShared)
        {
            writer.Line("int row = 0;");
            return rows;
        }

        string scale = UnitRows == 1 ? string.Empty : $" * {UnitRows}";
        writer.Line($"int row = {StepWriter.Begin}{scale};");
        writer.Line($"int rowEnd = global::System.Math.Min({StepWriter.End}{scale}, {rows});");
        return "rowEnd";
    }

    private void EmitSamples(StepWriter writer, string x, string rows)
    {
        if (_forest.TracksMissing)
        {
            writer.Line("bool missing = false;");
        }

        using (writer.Block($"for (int r = 0; r < {rows}; r++)"))
        {
            writer.Line($"{Element}* from = {x} + ((row + r) * {_forest.Features}L);");
            writer.Line($"{Element}* to = block + (r * {RowLength}L);");
            using (writer.For("f", _forest.Features))
            {
                writer.Line("to[f] = from[f];");
                if (_forest.TracksMissing)
                {
                    writer.Line("missing |= from[f] != from[f];");
                }
            }

            writer.Line($"to[{_forest.Features}] = {Element}.NaN;");
        }
    }

    private void EmitStarts(StepWriter writer, string y, string rows)
    {
        using (writer.Block($"for (int r = 0; r < {rows}; r++)"))
        {
            _leaves.EmitStart(writer, _leaves.Row(y, "row + r"));
        }
    }

    private void EmitFinishes(StepWriter writer, string y, string rows)
    {
        using (writer.Block($"for (int r = 0; r < {rows}; r++)"))
        {
            _leaves.EmitFinish(writer, _leaves.Row(y, "row + r"));
        }
    }

    private void EmitUnlessMissing(StepWriter writer, Action emit, Action emitMissing)
    {
        if (!_forest.TracksMissing)
        {
            emit();
            return;
        }

        using (writer.Block("if (!missing)"))
        {
            emit();
        }

        using (writer.Block("else"))
        {
            emitMissing();
        }
    }

    /// <summary>A block of rows, tree by tree.</summary>
    private void EmitBlock(StepWriter writer, string y)
    {
        using (writer.For("tree", Trees))
        {
            using (writer.Block($"for (int r = 0; r < rows; r += {Together})"))
            {
                writer.Line($"{Element}* sample = block + (r * {RowLength}L) + {_forest.Features};");
                EmitWalks(writer, Together, static _ => "roots[tree]", k => $"(sample + {k * RowLength})", _levels?.OfTree("tree"));
                for (int k = 0; k < Together; k++)
                {
                    _leaves.Emit(writer, _leaves.Row(y, $"row + r + {k}"), Leaf($"at{k}"));
                }
            }
        }
    }

    /// <summary>All trees for one row, in groups; their leaves are added in the order of the trees.</summary>
    private void EmitTrees(StepWriter writer, string y)
    {
        writer.Line($"{Element}* sample = block + {_forest.Features};");
        int together = writer.IsCompact ? 1 : Together;
        int first = Trees / together * together;
        bool isLocal = _leaves.Output.Shape[1] == 1;
        string scores = isLocal ? "score" : _leaves.Row(y, "row");
        if (isLocal)
        {
            writer.Line($"{Element} score = {_leaves.Row(y, "row")}[0];");
        }

        void Group(int count)
        {
            EmitWalks(writer, count, static k => $"roots[tree + {k}]", static _ => "sample", _levels?.OfGroup("tree"));
            for (int k = 0; k < count; k++)
            {
                _leaves.Emit(writer, scores, Leaf($"at{k}"), isLocal);
            }
        }

        if (first > 0)
        {
            using (writer.For("tree", first, together))
            {
                Group(together);
            }
        }

        if (first < Trees)
        {
            using (writer.For("tree", Trees, Trees - first, first))
            {
                Group(Trees - first);
            }
        }

        if (isLocal)
        {
            writer.Line($"{_leaves.Row(y, "row")}[0] = score;");
        }
    }

    private void EmitWalks(StepWriter writer, int together, Func<int, string> root, Func<int, string> sample, string? levels)
    {
        for (int k = 0; k < together; k++)
        {
            writer.Line($"long at{k} = {root(k)};");
        }

        if (levels is not null)
        {
            using (writer.Block($"for (int level = {levels}; level > 0; level--)"))
            {
                EmitBranches(writer, together, sample);
            }

            return;
        }

        writer.Line("long any;");
        using (writer.Block("do"))
        {
            EmitBranches(writer, together, sample);
            writer.Line($"any = {string.Join(" | ", Enumerable.Range(0, together).Select(static k => $"next{k}"))};");
        }

        // Only branches have a negative feature.
        writer.Line("while (any < 0);");
    }

    private void EmitBranches(StepWriter writer, int together, Func<int, string> sample)
    {
        for (int k = 0; k < together; k++)
        {
            writer.Line($"{Element}* node{k} = nodes + (2 * at{k});");
            writer.Line($"long next{k} = *(int*)(node{k} + 1);");
            writer.Line($"at{k} = (next{k} & {ChildMask}) + ({sample(k)}[next{k} >> {_forest.FeatureShift}] {ForestStep.Operator(_forest.Mode)} *node{k} ? 1 : 0);");
        }
    }

    /// <summary>Samples of which one has NaN, one by one and tree by tree.</summary>
    private void EmitMissing(StepWriter writer, string y, string rows)
    {
        using (writer.Block($"for (int r = 0; r < {rows}; r++)"))
        {
            writer.Line($"{Element}* sample = block + (r * {RowLength}L) + {_forest.Features};");
            using (writer.For("tree", Trees))
            {
                writer.Line("long at;");
                writer.Line("long child = roots[tree];");
                using (writer.Block("do"))
                {
                    writer.Line("at = child;");
                    writer.Line("long next = *(int*)(nodes + (2 * at) + 1);");
                    writer.Line($"{Element} value = sample[next >> {_forest.FeatureShift}];");
                    writer.Line($"bool holds = value {ForestStep.Operator(_forest.Mode)} nodes[2 * at] | (value != value & (next & {MissingMask}) != 0);");
                    writer.Line($"child = (next & {ChildMask}) + (holds ? 1 : 0);");
                }

                writer.Line("while (child != at);");
                _leaves.Emit(writer, _leaves.Row(y, "row + r"), Leaf("at"));
            }
        }
    }

    /// <summary>The number of a leaf, or its weight.</summary>
    private string Leaf(string at) => _leaves.Weights is null ? $"nodes[2 * {at}]" : $"*(int*)(nodes + (2 * {at}))";
}
