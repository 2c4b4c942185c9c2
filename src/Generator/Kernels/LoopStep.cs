using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>What controls a loop; null where it has none.</summary>
/// <param name="Trips">The trip count if it is constant.</param>
/// <param name="Count">One i64, the trip count, if it is not.</param>
/// <param name="Condition">One bool that must be true before every iteration; the block writes the next one.</param>
/// <param name="Iteration">One i64 that gets the iteration's number.</param>
/// <param name="Capacity">Most iterations, if how many there are is the last count of the node: one more ends the run with an error.</param>
/// <param name="Sizes">Lengths that change from one iteration to the next; what they are behind the last are the node's first counts.</param>
internal sealed record LoopControl(long? Trips, TensorView? Count, TensorView? Condition, TensorView? Iteration, long? Capacity, IReadOnlyList<LoopCount> Sizes);

/// <summary>A length that changes from one iteration to the next.</summary>
/// <param name="Inside">What it is in an iteration; beyond its maximum the run ends with an error.</param>
/// <param name="First">What it is in the first.</param>
/// <param name="Next">What it is in the next.</param>
internal sealed record LoopCount(SizeVariable Inside, Size First, Size Next);

/// <summary>A tensor that a loop walks along its first dimension.</summary>
/// <param name="Whole">The tensor, dense.</param>
/// <param name="Window">The block's view of one part.</param>
/// <param name="Reversed">True to begin with the last part.</param>
internal sealed record LoopWindow(TensorView Whole, TensorView Window, bool Reversed);

/// <summary>Runs a block repeatedly.</summary>
internal sealed class LoopStep : RegionStep
{
    private readonly LoopControl _control;
    private readonly IReadOnlyList<LoopWindow> _windows;

    /// <param name="node">The node.</param>
    /// <param name="control">How often the block runs.</param>
    /// <param name="read">Tensors of which each iteration reads a part.</param>
    /// <param name="written">Tensors of which each iteration writes a part.</param>
    /// <param name="block">The steps.</param>
    /// <param name="outside">How many storages there were before the block was lowered.</param>
    public LoopStep(
        Node node, LoopControl control, IReadOnlyList<LoopWindow> read, IReadOnlyList<LoopWindow> written, IReadOnlyList<Step> block, int outside)
        : base(
            node,
            new[] { block },
            outside,
            read.Select(static w => w.Whole).Concat(new[] { control.Count, control.Condition }.OfType<TensorView>()),
            written.Select(static w => w.Whole).Concat(new[] { control.Iteration }.OfType<TensorView>()))
    {
        _control = control;
        _windows = read.Concat(written).ToArray();
    }

    public override bool CanFail => _control.Capacity is not null || _control.Sizes.Count > 0;

    public override IReadOnlyList<SizeVariable> BlockSizes => _control.Sizes.Select(static s => s.Inside).ToArray();

    public override string Kernel => _control.Trips is { } trips ? $"loop, {(_control.Condition is null ? string.Empty : "at most ")}{trips} iterations" : "loop";

    public override string Summary => $"{Node!.Operator.Name}{(_control.Trips is { } trips ? $", {trips} iterations" : string.Empty)}";

    public override void EmitControl(CodeWriter code, Action<int> writeBlock)
    {
        string i = $"i{Index}";
        string? count = _control.Trips is { } trips ? $"{trips}" : _control.Count is { } view ? $"*(long*){StepWriter.Address(view)}" : null;
        string?[] conditions =
        {
            count is null ? null : $"{i} < {count}",
            _control.Condition is { } condition ? $"*{StepWriter.Address(condition)} != 0" : null,
        };
        foreach (LoopCount size in _control.Sizes)
        {
            code.Line($"*{SizeTable.Target(size.Inside)} = {size.First.Format(SizeTable.Name)};");
        }

        if (_control.Capacity is not null)
        {
            code.Line($"long {i} = 0;");
        }

        using (code.Block($"for ({(_control.Capacity is null ? $"long {i} = 0" : string.Empty)}; {string.Join(" && ", conditions.OfType<string>())}; {i}++)"))
        {
            if (_control.Capacity is { } capacity)
            {
                using (code.Block($"if ({i} >= {capacity})"))
                {
                    code.Line($"return {Index + 1};");
                }

                code.Line();
            }

            if (_control.Iteration is { } iteration)
            {
                code.Line($"*(long*){StepWriter.Address(iteration)} = {i};");
            }

            foreach (LoopWindow window in _windows)
            {
                string part = !window.Reversed ? i : window.Whole.Shape.IsDynamicAt(0) ? $"({count} - 1 - {i})" : $"({window.Whole.Shape[0] - 1} - {i})";
                code.Line($"byte* {StepWriter.BaseName(window.Window.Storage)} = {StepWriter.Address(window.Whole)} + ({part} * {window.Window.Storage.Bytes});   // {window.Whole.Describe()}");
            }

            writeBlock(0);
            WriteNextSizes(code);
        }

        if (_control.Capacity is not null)
        {
            code.Line($"*{SizeTable.Target(ComputedSizes[_control.Sizes.Count])} = (int){i};");
        }

        for (int k = 0; k < _control.Sizes.Count; k++)
        {
            code.Line($"*{SizeTable.Target(ComputedSizes[k])} = *{SizeTable.Target(_control.Sizes[k].Inside)};");
        }
    }

    /// <summary>The lengths of the next iteration; they are locals in this one.</summary>
    private void WriteNextSizes(CodeWriter code)
    {
        foreach (LoopCount size in _control.Sizes)
        {
            code.Line($"*{SizeTable.Target(size.Inside)} = {size.Next.Format(SizeTable.Name)};");
            using (code.Block($"if (*{SizeTable.Target(size.Inside)} > {size.Inside.Maximum})"))
            {
                code.Line($"return {Index + 1};");
            }
        }
    }
}
