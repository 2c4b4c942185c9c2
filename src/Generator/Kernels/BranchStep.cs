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

    /// <param name="node">The node.</param>
    /// <param name="condition">One bool.</param>
    /// <param name="then">Steps if it is true.</param>
    /// <param name="otherwise">Steps if it is false.</param>
    /// <param name="outside">How many storages there were before the blocks were lowered.</param>
    public BranchStep(Node node, TensorView condition, IReadOnlyList<Step> then, IReadOnlyList<Step> otherwise, int outside)
        : base(node, new[] { then, otherwise }, outside, new[] { condition }, Array.Empty<TensorView>())
    {
        _condition = condition;
    }

    public override string Kernel => "branch";

    public override string Summary => $"If, by {_condition.Describe()}";

    public override void EmitControl(CodeWriter code, Action<int> writeBlock)
    {
        using (code.Block($"if (*{StepWriter.Address(_condition)} != 0)"))
        {
            writeBlock(0);
        }

        using (code.Block("else"))
        {
            writeBlock(1);
        }
    }
}
