using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Writes the positions that a slice takes from an axis, as Slice of the standard resolves start, end and step.</summary>
internal sealed class SlicePositionsStep : Step
{
    private readonly IReadOnlyList<TensorView> _bounds;
    private readonly Size _length;
    private readonly TensorView _output;

    /// <param name="node">The node it belongs to; its only count, if it has one, is the number of positions.</param>
    /// <param name="bounds">Start, end and step, one i64 each.</param>
    /// <param name="length">Length of the axis.</param>
    /// <param name="output">i64: the positions, plain.</param>
    public SlicePositionsStep(Node node, IReadOnlyList<TensorView> bounds, Size length, TensorView output)
        : base(node, node.Name)
    {
        _bounds = bounds;
        _length = length;
        _output = output;
    }

    public override bool TakesRunTimeSizes => true;

    public override bool CanFail => true;

    public override IReadOnlyList<SizeVariable> ComputedSizes => Node!.ComputedSizes;

    public override IReadOnlyList<TensorView> Reads => _bounds;

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => "positions of a slice";

    public override string Summary => $"Positions that a slice takes from an axis of {_length}";

    public override void Emit(StepWriter writer)
    {
        string[] names = { "start", "end", "step" };
        for (int i = 0; i < names.Length; i++)
        {
            writer.Line($"long {names[i]} = *{writer.Pointer(_bounds[i], $"{names[i]}Pointer", _bounds[i].Describe())};");
        }

        string y = writer.Pointer(_output, "y", _output.Describe());
        writer.Line($"long length = {writer.Value(_length)};");
        writer.Line("// Negative positions count from the end, and a step as long as the axis takes one element, whatever it is.");
        writer.Line("step = global::System.Math.Max(-int.MaxValue, global::System.Math.Min(int.MaxValue, step));");
        writer.Line("long first = step > 0 ? 0 : -1;");
        writer.Line("long last = step > 0 ? length : length - 1;");
        writer.Line("long from = global::System.Math.Max(first, global::System.Math.Min(last, start < 0 ? start + length : start));");
        writer.Line("long to = global::System.Math.Max(first, global::System.Math.Min(last, end < 0 ? end + length : end));");
        writer.Line("long span = step > 0 ? to - from : from - to;");
        writer.Line("long distance = global::System.Math.Abs(step);");
        writer.Line("int count = span <= 0 || step == 0 ? 0 : (int)((span + distance - 1) / distance);");
        foreach (SizeVariable variable in ComputedSizes)
        {
            writer.Line($"*{SizeTable.Target(variable)} = count;");
        }

        using (writer.Block(ComputedSizes.Count > 0 ? "if (step == 0)" : $"if (count != {writer.Value(_output.Shape.Extent(0))})"))
        {
            writer.Line("return 1;");
        }

        using (writer.Block("for (int i = 0; i < count; i++)"))
        {
            writer.Line($"{y}[i * {_output.Layout.Strides[0]}L] = from + (i * step);");
        }

        writer.Line("return 0;");
    }
}
