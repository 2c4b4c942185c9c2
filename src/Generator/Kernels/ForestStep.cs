using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.MachineLearning;

namespace AotCompiler.Kernels;

/// <summary>
/// Walks every tree of a forest for every row of samples and joins what the leaves hold: trees whose branches compare in several ways, which
/// have no form as <see cref="PackedForest"/>.
/// </summary>
internal sealed class ForestStep : Step
{
    /// <summary>Added to a mode where NaN takes the true side.</summary>
    public const int MissingBit = 128;

    private readonly TensorView _samples;
    private readonly IReadOnlyList<(string Name, TensorView View)> _tables;
    private readonly ForestLeaves _leaves;
    private readonly IReadOnlyList<byte> _modes;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="samples">Dense [rows, features].</param>
    /// <param name="tables">Roots, features, thresholds and children; modes if there are several; setStarts and sets if there are members.</param>
    /// <param name="leaves">What leaves hold.</param>
    /// <param name="modes">The modes that occur; one is compiled in, more are looked up.</param>
    public ForestStep(Node node, TensorView samples, IReadOnlyList<(string Name, TensorView View)> tables, ForestLeaves leaves, IReadOnlyList<byte> modes)
        : base(node, node.Name)
    {
        _samples = samples;
        _tables = tables;
        _leaves = leaves;
        _modes = modes;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => _tables.Select(static t => t.View).Concat(_leaves.Reads).Prepend(_samples).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _leaves.Output };

    public override string Kernel => $"forest of {_leaves.Trees} trees, {string.Join(", ", _modes.Select(BranchOf).Distinct())}";

    public override string Summary => _leaves.Summary;

    private string Element => _leaves.Output.Type.CSharpName();

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => _leaves.Output.Shape.Extent(0);

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_samples, "x", _samples.Describe());
        string y = writer.Pointer(_leaves.Output, "y", _leaves.Output.Describe());
        foreach ((string name, TensorView table) in _tables)
        {
            writer.Pointer(table, name);
        }

        _leaves.EmitPointers(writer);
        using (writer.ForUnits("row", _leaves.Output.Shape.Extent(0)))
        {
            writer.Line($"{Element}* sample = {x} + (row * {_samples.Shape[1]}L);");
            string scores = _leaves.Row(y, "row");
            _leaves.EmitStart(writer, scores);
            using (writer.For("tree", _leaves.Trees))
            {
                writer.Line("int at = roots[tree];");
                EmitWalk(writer);
                _leaves.Emit(writer, scores, "~at");
            }

            _leaves.EmitFinish(writer, scores);
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

    /// <summary>The comparison of a mode, wherever NaN goes.</summary>
    public static BranchMode BranchOf(byte mode) => (BranchMode)(mode & ~MissingBit);

    /// <summary>The order comparison that is true where this one is not, NaN aside; null for equality.</summary>
    private static BranchMode? Opposite(BranchMode mode) => mode switch
    {
        BranchMode.LessOrEqual => BranchMode.Greater,
        BranchMode.Less => BranchMode.GreaterOrEqual,
        BranchMode.GreaterOrEqual => BranchMode.Less,
        BranchMode.Greater => BranchMode.LessOrEqual,
        _ => null,
    };

    /// <summary>The comparison in C#.</summary>
    public static string Operator(BranchMode mode) => mode switch
    {
        BranchMode.LessOrEqual => "<=",
        BranchMode.Less => "<",
        BranchMode.GreaterOrEqual => ">=",
        BranchMode.Greater => ">",
        BranchMode.Equal => "==",
        _ => "!=",
    };
}
