using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.MachineLearning;

namespace AotCompiler.Kernels;

/// <summary>
/// Walks every tree of a forest for every row of samples and joins what the leaves hold. One load decides both sides of a branch: no jump
/// to mispredict. Each branch waits for the one before it, so that several trees are walked at a time. Where branches differ only in
/// where NaN goes, as in boosted trees that learnt it, samples without NaN are walked as if they did not.
/// </summary>
internal sealed class ForestStep : Step
{
    /// <summary>Added to a mode where NaN takes the true side.</summary>
    public const int MissingBit = 128;

    /// <summary>Trees that are walked at a time: their loads hide each other's latency, and what they keep fits the registers.</summary>
    private const int TreesAtATime = 4;

    private static readonly string[] _tableNames =
    {
        "roots", "modes", "features", "thresholds", "children", "leafStarts", "leafTargets", "leafWeights", "setStarts", "sets",
    };

    private readonly TensorView _samples;
    private readonly IReadOnlyList<TensorView> _tables;
    private readonly TensorView _output;
    private readonly ForestAggregate _aggregate;
    private readonly IReadOnlyList<byte> _modes;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="samples">Dense [rows, features].</param>
    /// <param name="tables">Roots, modes, features, thresholds, children, leaf starts, targets and weights, set starts, sets.</param>
    /// <param name="output">Dense [rows, targets].</param>
    /// <param name="aggregate">How trees are joined.</param>
    /// <param name="modes">The modes that occur; one is compiled in, more are looked up.</param>
    public ForestStep(Node node, TensorView samples, IReadOnlyList<TensorView> tables, TensorView output, ForestAggregate aggregate, IReadOnlyList<byte> modes)
        : base(node, node.Name)
    {
        _samples = samples;
        _tables = tables;
        _output = output;
        _aggregate = aggregate;
        _modes = modes;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => _tables.Prepend(_samples).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"forest of {Trees} trees, {_tables[1].Shape[0]} branches";

    public override string Summary => $"{Trees} decision trees, joined by {_aggregate.ToString().ToLowerInvariant()}";

    private int Trees => _tables[0].Shape[0];

    private int Targets => _output.Shape[1];

    private string Element => _output.Type.CSharpName();

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_samples, "x", _samples.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        foreach ((TensorView table, string name) in _tables.Select(static (t, i) => (t, _tableNames[i])))
        {
            if (table.Shape.ElementCount > 0 && NeedsTable(name))
            {
                writer.Pointer(table, name);
            }
        }

        using (writer.For("row", _output.Shape.Extent(0)))
        {
            writer.Line($"{Element}* sample = {x} + (row * {_samples.Shape[1]}L);");
            writer.Line($"{Element}* scores = {y} + (row * {Targets}L);");
            using (writer.For("t", Targets))
            {
                writer.Line($"scores[t] = {Start};");
            }

            int together = CanInterleave ? Trees / TreesAtATime * TreesAtATime : 0;
            if (together > 0 && _modes.Count > 1)
            {
                EmitWalksUnlessMissing(writer, together);
            }
            else
            {
                EmitWalks(writer, together);
                EmitRest(writer, together);
            }

            EmitFinish(writer);
        }
    }

    /// <summary>Trees side by side for a sample that has no NaN; one by one, with where NaN goes, for another.</summary>
    private void EmitWalksUnlessMissing(StepWriter writer, int together)
    {
        writer.Line("bool missing = false;");
        using (writer.For("f", _samples.Shape[1]))
        {
            writer.Line("missing |= sample[f] != sample[f];");
        }

        using (writer.Block("if (!missing)"))
        {
            EmitWalks(writer, together);
        }

        using (writer.Block($"for (int tree = missing ? 0 : {together}; tree < {Trees}; tree++)"))
        {
            EmitTree(writer);
        }
    }

    private void EmitWalks(StepWriter writer, int together)
    {
        if (together > 0)
        {
            using (writer.For("tree", together, TreesAtATime))
            {
                EmitWalks(writer);
            }
        }
    }

    private void EmitRest(StepWriter writer, int first)
    {
        if (first < Trees)
        {
            using (writer.For("tree", Trees, 1, first))
            {
                EmitTree(writer);
            }
        }
    }

    private void EmitTree(StepWriter writer)
    {
        writer.Line("int at = roots[tree];");
        EmitWalk(writer);
        EmitLeaf(writer, "at");
    }

    /// <summary>What a target has before any leaf: minima and maxima of nothing are recognised by it at the end.</summary>
    private string Start => _aggregate switch
    {
        ForestAggregate.Min => $"{Element}.PositiveInfinity",
        ForestAggregate.Max => $"{Element}.NegativeInfinity",
        _ => "0",
    };

    /// <summary>True if a branch is one comparison wherever NaN goes, so that trees which have reached their leaves can go on comparing in vain.</summary>
    private bool CanInterleave => _modes.All(m => BranchOf(m) == BranchOf(_modes[0])) && BranchOf(_modes[0]) != BranchMode.Member;

    /// <summary>True if every leaf holds one weight.</summary>
    private bool HasSingleWeights => _tables[5].Storage.Data is { } starts
        && Enumerable.Range(0, _tables[5].Shape[0]).All(i => ElementEvaluation.ReadInteger(starts, i) == i);

    private bool NeedsTable(string name) => name switch
    {
        "modes" => _modes.Count > 1,
        "setStarts" or "sets" => _modes.Any(static m => BranchOf(m) == BranchMode.Member),
        "leafStarts" => !HasSingleWeights,
        "leafTargets" => Targets > 1,
        _ => true,
    };

    /// <summary>Several trees side by side until the last of them has reached its leaf; the leaves are added in the order of the trees.</summary>
    private void EmitWalks(StepWriter writer)
    {
        for (int k = 0; k < TreesAtATime; k++)
        {
            writer.Line($"int at{k} = roots[tree + {k}];");
        }

        using (writer.Block($"while (({string.Join(" & ", Enumerable.Range(0, TreesAtATime).Select(static k => $"at{k}"))}) >= 0)"))
        {
            writer.Line("int at;");
            writer.Line($"{Element} value;");
            writer.Line("bool holds;");
            for (int k = 0; k < TreesAtATime; k++)
            {
                // A leaf is negative: it compares at branch 0 and keeps its number.
                writer.Line($"int leaf{k} = at{k} >> 31;");
                writer.Line($"at = at{k} & ~leaf{k};");
                writer.Line("value = sample[features[at]];");
                EmitTest(writer, _modes.Count == 1 ? _modes[0] : (byte)BranchOf(_modes[0]), declared: true);
                writer.Line($"at{k} = (at{k} & leaf{k}) | (children[(2 * at) + (holds ? 1 : 0)] & ~leaf{k});");
            }
        }

        for (int k = 0; k < TreesAtATime; k++)
        {
            EmitLeaf(writer, $"at{k}");
        }
    }

    private void EmitWalk(StepWriter writer)
    {
        using (writer.Block("while (at >= 0)"))
        {
            writer.Line($"{Element} value = sample[features[at]];");
            if (_modes.Count == 1)
            {
                EmitTest(writer, _modes[0]);
            }
            else if (CanInterleave)
            {
                writer.Line($"bool holds = value {Operator(BranchOf(_modes[0]))} thresholds[at] | (value != value & modes[at] >= {MissingBit});");
            }
            else
            {
                writer.Line("bool holds;");
                using (writer.Block("switch (modes[at])"))
                {
                    foreach (byte mode in _modes)
                    {
                        writer.Line(mode == _modes[_modes.Count - 1] ? "default:" : $"case {mode}:");
                        using (writer.Block())
                        {
                            EmitTest(writer, mode, declared: true);
                            writer.Line("break;");
                        }
                    }
                }
            }

            writer.Line("at = children[(2 * at) + (holds ? 1 : 0)];");
        }
    }

    private static void EmitTest(StepWriter writer, byte mode, bool declared = false)
    {
        string holds = declared ? "holds" : "bool holds";
        string missing = (mode & MissingBit) != 0 ? " | value != value" : string.Empty;
        BranchMode branch = BranchOf(mode);
        if (branch != BranchMode.Member)
        {
            // What NaN goes with is what the opposite comparison is false for: one comparison, no jump.
            writer.Line(missing.Length > 0 && Opposite(branch) is { } opposite
                ? $"{holds} = !(value {Operator(opposite)} thresholds[at]);"
                : $"{holds} = value {Operator(branch)} thresholds[at]{missing};");
            return;
        }

        writer.Line($"{holds} = {(missing.Length > 0 ? "value != value" : "false")};");
        using (writer.Block("for (int m = setStarts[at]; m < setStarts[at + 1]; m++)"))
        {
            writer.Line("holds |= sets[m] == value;");
        }
    }

    private static BranchMode BranchOf(byte mode) => (BranchMode)(mode & ~MissingBit);

    /// <summary>The order comparison that is true where this one is not, NaN aside; null for equality.</summary>
    private static BranchMode? Opposite(BranchMode mode) => mode switch
    {
        BranchMode.LessOrEqual => BranchMode.Greater,
        BranchMode.Less => BranchMode.GreaterOrEqual,
        BranchMode.GreaterOrEqual => BranchMode.Less,
        BranchMode.Greater => BranchMode.LessOrEqual,
        _ => null,
    };

    private static string Operator(BranchMode mode) => mode switch
    {
        BranchMode.LessOrEqual => "<=",
        BranchMode.Less => "<",
        BranchMode.GreaterOrEqual => ">=",
        BranchMode.Greater => ">",
        BranchMode.Equal => "==",
        _ => "!=",
    };

    private void EmitLeaf(StepWriter writer, string at)
    {
        if (HasSingleWeights)
        {
            EmitWeight(writer, $"~{at}");
            return;
        }

        using (writer.Block($"for (int i = leafStarts[~{at}]; i < leafStarts[~{at} + 1]; i++)"))
        {
            EmitWeight(writer, "i");
        }
    }

    private void EmitWeight(StepWriter writer, string i)
    {
        string score = Targets == 1 ? "scores[0]" : $"scores[leafTargets[{i}]]";
        string weight = $"leafWeights[{i}]";
        writer.Line(_aggregate switch
        {
            ForestAggregate.Min => $"{score} = {weight} < {score} ? {weight} : {score};",
            ForestAggregate.Max => $"{score} = {weight} > {score} ? {weight} : {score};",
            _ => $"{score} += {weight};",
        });
    }

    private void EmitFinish(StepWriter writer)
    {
        if (_aggregate == ForestAggregate.Sum)
        {
            return;
        }

        using (writer.For("t", Targets))
        {
            writer.Line(_aggregate == ForestAggregate.Average ? $"scores[t] /= {Trees};" : $"scores[t] = scores[t] == {Start} ? 0 : scores[t];");
        }
    }
}
