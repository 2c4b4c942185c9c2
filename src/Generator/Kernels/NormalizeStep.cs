using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Normalization;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Brings groups of elements to mean 0 and deviation 1, or to norm 1, then scales and shifts them. The variance is taken
/// around a first estimate of the mean whose own error is measured and removed, so that a mean far larger than the deviation
/// costs no precision.
/// </summary>
internal sealed class NormalizeStep : Step
{
    private readonly Normalization _normalization;
    private readonly IReadOnlyList<TensorView> _operands;
    private readonly int _readCount;
    private readonly bool _hasScale;
    private readonly bool _hasShift;
    private readonly IReadOnlyList<string> _statistics;
    private readonly LoopNest _groups;
    private readonly LoopNest _map;
    private readonly LoopNest _elements;
    private readonly Extent _count;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="normalization">What is computed.</param>
    /// <param name="input">What is read, plain, of the shape <see cref="Normalization.View"/>.</param>
    /// <param name="scale">Factors that broadcast to that shape, or null.</param>
    /// <param name="shift">Summands that broadcast to that shape, or null.</param>
    /// <param name="output">What is written, plain, of the same shape, not empty.</param>
    /// <param name="mean">Where the mean of each group goes: reduced dimensions are 1; or null.</param>
    /// <param name="inverse">Where the factor of each group goes; or null.</param>
    public NormalizeStep(
        Node node,
        Normalization normalization,
        TensorView input,
        TensorView? scale,
        TensorView? shift,
        TensorView output,
        TensorView? mean,
        TensorView? inverse)
        : base(node, node.Name)
    {
        _normalization = normalization;
        _hasScale = scale is not null;
        _hasShift = shift is not null;
        Shape shape = normalization.View;
        TensorView[] reads = new[] { input, scale, shift }.OfType<TensorView>().ToArray();
        TensorView[] extra = new[] { mean, inverse }.OfType<TensorView>().ToArray();
        _statistics = new[] { mean is null ? null : "mean", inverse is null ? null : "scale" }.OfType<string>().ToArray();
        _operands = reads.Append(output).Concat(extra).ToArray();
        _readCount = reads.Length;
        IReadOnlyList<IterationDimension>[] dimensions = _operands.Select(o => o.Layout.BroadcastTo(shape).Dimensions()).ToArray();
        int[] kept = Enumerable.Range(0, shape.Rank).Where(i => !normalization.Axes.Contains(i)).ToArray();
        IReadOnlyList<IterationDimension> Pick(int operand, IEnumerable<int> axes) => axes.Select(i => dimensions[operand][i]).ToArray();
        _groups = LoopNest.Build(Enumerable.Range(0, _operands.Count).Select(o => Pick(o, kept)).ToArray());
        _map = LoopNest.Build(Enumerable.Range(0, _readCount + 1).Select(o => Pick(o, normalization.Axes)).ToArray());
        _elements = LoopNest.Build(new[] { Pick(0, normalization.Axes) });
        _count = normalization.Axes.Aggregate((Extent)1, (product, axis) => product * shape.Extent(axis));
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => _operands.Take(_readCount).ToArray();

    public override IReadOnlyList<TensorView> Writes => _operands.Skip(_readCount).ToArray();

    /// <summary>A group is read for the last time just before it is overwritten.</summary>
    public override IEnumerable<(TensorView Read, TensorView Write)> InPlace
    {
        get
        {
            TensorView input = _operands[0];
            TensorView output = _operands[_readCount];
            if (input.Storage.Bytes == output.Storage.Bytes
                && input.Layout.Offset == output.Layout.Offset
                && input.Layout.Dimensions().SequenceEqual(output.Layout.Dimensions()))
            {
                yield return (input, output);
            }
        }
    }

    public override string Kernel => $"normalize groups of {_count}";

    public override string Summary => $"{Node!.Operator.Name}, y = {_normalization.Formula}{(_hasScale ? " · scale" : string.Empty)}{(_hasShift ? " + shift" : string.Empty)} over {_count} elements";

    private ElementType Type => _operands[0].Type;

    private string Element => Type.CSharpName();

    public override IEnumerable<string> Explain(Simd simd)
    {
        yield return "One group after the other: its statistics, then every element is scaled by them.";
    }

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _groups.Divided(least: 1);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        string[] names = new[] { "x", _hasScale ? "weight" : null, _hasShift ? "bias" : null, "y" }.OfType<string>().Concat(_statistics.Select(static s => $"{s}s")).ToArray();
        (string Name, string Type)[] pointers = _operands
            .Select((o, i) => (writer.Pointer(o, names[i], o.Describe()), StepWriter.PointerType(o.Type)))
            .ToArray();
        LoopNest nest = writer.IsShared ? Divided : _groups;
        nest.EmitShared(writer, pointers, rows =>
        {
            string g = writer.Name("group");
            using (writer.For(g, nest.InnerTrip))
            {
                string[] starts = rows.Select((row, o) =>
                {
                    string start = writer.Name($"{names[o]}Group");
                    writer.Line($"{pointers[o].Type} {start} = {row} + ({g} * {_groups.InnerStride(o)}L);");
                    return start;
                }).ToArray();
                EmitGroup(writer, starts);
            }
        });
    }

    private void EmitGroup(StepWriter writer, IReadOnlyList<string> pointers)
    {
        bool centers = _normalization.Kind is NormalizationKind.Variance or NormalizationKind.Deviation;
        if (centers)
        {
            EmitCentered(writer, pointers[0]);
        }
        else
        {
            EmitNorm(writer, pointers[0]);
        }

        MapLoop.Emit(writer, Type, _map, pointers.Take(_readCount + 1).ToArray(), (simd, operands) =>
        {
            string element = centers
                ? simd.MultiplyAdd($"({operands[0]} - {simd.Broadcast("center")})", simd.Broadcast("scale"), simd.Broadcast("offset"))
                : $"({operands[0]} * {simd.Broadcast("scale")})";
            return _hasScale && _hasShift ? simd.MultiplyAdd($"({element})", operands[1], operands[2])
                : _hasScale ? $"({element}) * {operands[1]}"
                : element;
        });
        for (int i = 0; i < _statistics.Count; i++)
        {
            TensorView target = _operands[_readCount + 1 + i];
            writer.Line($"*{pointers[_readCount + 1 + i]} = ({target.Type.CSharpName()}){_statistics[i]};");
        }
    }

    private void EmitCentered(StepWriter writer, string x)
    {
        string sum = Accumulation.EmitScalar(writer, ReductionFunction.Sum, Type, x, _elements);
        writer.Line($"{Element} center = {sum} / {writer.Value(_count)};");
        string rest = Accumulation.EmitScalar(writer, ReductionFunction.Sum, Type, x, _elements, Centered);
        string squares = Accumulation.EmitScalar(writer, ReductionFunction.SumSquare, Type, x, _elements, Centered);
        writer.Line($"{Element} drift = {rest} / {writer.Value(_count)};   // what rounding left of the mean");
        writer.Line($"{Element} mean = center + drift;");
        writer.Line($"{Element} variance = {MathClass}.Max(0, ({squares} / {writer.Value(_count)}) - (drift * drift));");
        writer.Line(_normalization.Kind == NormalizationKind.Variance
            ? $"{Element} scale = 1 / {MathClass}.Sqrt(variance + {Epsilon});"
            : $"{Element} scale = 1 / ({MathClass}.Sqrt(variance) + {Epsilon});");
        writer.Line($"{Element} offset = -drift * scale;");
    }

    private static string Centered(Simd simd, ElementType type, string element) => $"({element} - {simd.Broadcast("center")})";

    private void EmitNorm(StepWriter writer, string x)
    {
        ReductionFunction function = _normalization.Kind == NormalizationKind.L1 ? ReductionFunction.L1 : ReductionFunction.SumSquare;
        string sum = Accumulation.EmitScalar(writer, function, Type, x, _elements);
        writer.Line(_normalization.Kind switch
        {
            NormalizationKind.RootMeanSquare => $"{Element} scale = 1 / {MathClass}.Sqrt(({sum} / {writer.Value(_count)}) + {Epsilon});",
            NormalizationKind.L1 => $"{Element} scale = {sum} == 0 ? 0 : 1 / {sum};",
            _ => $"{Element} scale = {sum} == 0 ? 0 : 1 / {MathClass}.Sqrt({sum});",
        });
    }

    private string MathClass => Type == ElementType.Float32 ? "global::System.MathF" : "global::System.Math";

    private string Epsilon => Type == ElementType.Float32 ? Literal.Of((float)_normalization.Epsilon) : Literal.Of(_normalization.Epsilon);
}
