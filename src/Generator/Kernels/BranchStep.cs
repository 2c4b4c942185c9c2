using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Runs one of two blocks, by a bool in memory.</summary>
internal sealed class BranchStep : RegionStep
{
    private readonly TensorView _condition;
    private readonly IReadOnlyList<IReadOnlyList<Size>> _counts;

    /// <param name="node">The node.</param>
    /// <param name="condition">One bool.</param>
    /// <param name="then">Steps if it is true.</param>
    /// <param name="otherwise">Steps if it is false.</param>
    /// <param name="outside">How many storages there were before the blocks were lowered.</param>
    /// <param name="counts">For each block the values of the node's counts.</param>
    public BranchStep(
        Node node, TensorView condition, IReadOnlyList<Step> then, IReadOnlyList<Step> otherwise, int outside, IReadOnlyList<IReadOnlyList<Size>> counts)
        : base(node, new[] { then, otherwise }, outside, new[] { condition }, Array.Empty<TensorView>())
    {
        _condition = condition;
        _counts = counts;
    }

    public override string Kernel => "branch";

    public override string Summary => $"If, by {_condition.Describe()}";

    public override void EmitControl(CodeWriter code, Action<int> writeBlock)
    {
        using (code.Block($"if (*{StepWriter.Address(_condition)} != 0)"))
        {
            writeBlock(0);
            WriteCounts(code, _counts[0]);
        }

        using (code.Block("else"))
        {
            writeBlock(1);
            WriteCounts(code, _counts[1]);
        }
    }

    private void WriteCounts(CodeWriter code, IReadOnlyList<Size> counts)
    {
        for (int i = 0; i < counts.Count; i++)
        {
            code.Line($"*{SizeTable.Target(ComputedSizes[i])} = {counts[i].Format(SizeTable.Name)};");
        }
    }
}
