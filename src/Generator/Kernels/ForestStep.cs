using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.MachineLearning;

namespace AotCompiler.Kernels;

/// <summary>Walks every tree of a forest for every row of samples and joins what the leaves hold. One load decides both sides of a branch: no jump to mispredict.</summary>
internal sealed class ForestStep : Step
{
    /// <summary>Added to a mode where NaN takes the true side.</summary>
    public const int MissingBit = 128;

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
            if (table.Shape.ElementCount > 0 && (name is not ("modes" or "setStarts" or "sets") || NeedsTable(name)))
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

            using (writer.For("tree", Trees))
            {
                writer.Line("int at = roots[tree];");
                EmitWalk(writer);
                EmitLeaf(writer);
            }

            EmitFinish(writer);
        }
    }

    /// <summary>What a target has before any leaf: minima and maxima of nothing are recognised by it at the end.</summary>
    private string Start => _aggregate switch
    {
        ForestAggregate.Min => $"{Element}.PositiveInfinity",
        ForestAggregate.Max => $"{Element}.NegativeInfinity",
        _ => "0",
    };

    private bool NeedsTable(string name) => name == "modes" ? _modes.Count > 1 : _modes.Any(static m => (m & ~MissingBit) == (int)BranchMode.Member);

    private void EmitWalk(StepWriter writer)
    {
        using (writer.Block("while (at >= 0)"))
        {
            writer.Line($"{Element} value = sample[features[at]];");
            if (_modes.Count == 1)
            {
                EmitTest(writer, _modes[0]);
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
        string missing = (mode & MissingBit) != 0 ? " || value != value" : string.Empty;
        var branch = (BranchMode)(mode & ~MissingBit);
        if (branch != BranchMode.Member)
        {
            writer.Line($"{holds} = value {Operator(branch)} thresholds[at]{missing};");
            return;
        }

        writer.Line($"{holds} = false{missing};");
        using (writer.Block("for (int m = setStarts[at]; m < setStarts[at + 1]; m++)"))
        {
            writer.Line("holds |= sets[m] == value;");
        }
    }

    private static string Operator(BranchMode mode) => mode switch
    {
        BranchMode.LessOrEqual => "<=",
        BranchMode.Less => "<",
        BranchMode.GreaterOrEqual => ">=",
        BranchMode.Greater => ">",
        BranchMode.Equal => "==",
        _ => "!=",
    };

    private void EmitLeaf(StepWriter writer)
    {
        using (writer.Block("for (int i = leafStarts[~at]; i < leafStarts[~at + 1]; i++)"))
        {
            string score = "scores[leafTargets[i]]";
            writer.Line(_aggregate switch
            {
                ForestAggregate.Min => $"{score} = leafWeights[i] < {score} ? leafWeights[i] : {score};",
                ForestAggregate.Max => $"{score} = leafWeights[i] > {score} ? leafWeights[i] : {score};",
                _ => $"{score} += leafWeights[i];",
            });
        }
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
