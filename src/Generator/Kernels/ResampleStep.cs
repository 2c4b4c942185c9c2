using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Resamples one axis: <c>y[…, j, …] = Σₜ w[j, t]·x[… + offset[j, t], …]</c>. Vectors run over the dimensions inside the axis; where there
/// are none (the last axis of a plain layout), elements are computed one by one.
/// </summary>
internal sealed class ResampleStep : Step
{
    /// <summary>Sums up to this length are written out.</summary>
    private const int UnrollLimit = 4;

    private readonly int _axis;
    private readonly int _taps;
    private readonly TensorView _source;
    private readonly TensorView _offsets;
    private readonly TensorView? _weights;
    private readonly TensorView _target;
    private readonly TensorView? _count;
    private readonly float? _extrapolation;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="name">Name of the step.</param>
    /// <param name="axis">The axis; not the channels of a blocked layout.</param>
    /// <param name="taps">Summands T of each element.</param>
    /// <param name="source">Input; of the target's shape but for the axis.</param>
    /// <param name="offsets">i32 [output length, T] positions on the source axis, in elements.</param>
    /// <param name="weights">[output length, T] factors of the source's type, f32 or f64; null to copy, which any type allows.</param>
    /// <param name="target">Output.</param>
    /// <param name="count">i32 [1]: T, if the run finds it; the tables are then dense for that number.</param>
    /// <param name="extrapolation">The value of elements whose first offset is -1; null if there are none.</param>
    public ResampleStep(
        Node node, string name, int axis, int taps, TensorView source, TensorView offsets, TensorView? weights, TensorView target, TensorView? count = null, float? extrapolation = null)
        : base(node, name)
    {
        _axis = axis;
        _taps = taps;
        _source = source;
        _offsets = offsets;
        _weights = weights;
        _target = target;
        _count = count;
        _extrapolation = extrapolation;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _source, _offsets, _weights, _count }.OfType<TensorView>().ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _target };

    public override string Kernel => _weights is null ? $"pick along axis {_axis}" : $"weighted sums{(_count is null ? $" of {_taps}" : string.Empty)} along axis {_axis}";

    public override string Summary => $"{Node!.Operator.Name}, axis {_axis}, {_source.Shape} to {_target.Shape}";

    public override long MultiplyAdds => _weights is null ? 0 : _target.Shape.ElementCount * _taps;

    private string Element => _weights is null ? RowCopy.ElementName(_source.Type) : _source.Type.CSharpName();

    public override Extent ParallelExtent(Simd simd) => _target.Layout.Dimensions()[_axis].Extent;

    public override void Emit(StepWriter writer)
    {
        string pointer = $"{Element}*";
        writer.Pointer(_source, "x", type: pointer);
        writer.Pointer(_target, "y", type: pointer);
        writer.Pointer(_offsets, "offsets", type: "int*");
        if (_weights is not null)
        {
            writer.Pointer(_weights, "factors", type: pointer);
        }

        if (_count is not null)
        {
            writer.Pointer(_count, "count", type: "int*");
            writer.Line("int taps = *count;");
        }

        IReadOnlyList<IterationDimension> from = _source.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = _target.Layout.Dimensions();
        LoopNest outer = LoopNest.Build(from.Take(_axis).ToArray(), to.Take(_axis).ToArray());
        LoopNest inner = LoopNest.Build(from.Skip(_axis + 1).ToArray(), to.Skip(_axis + 1).ToArray());
        outer.EmitAll(writer, new[] { ("x", pointer), ("y", pointer) }, planes =>
        {
            using (writer.ForUnits("j", to[_axis].Trip))
            {
                EmitElement(writer, pointer, planes, inner, to[_axis].Stride);
            }
        });
    }

    private string Taps => _count is null ? $"{_taps}" : "taps";

    /// <summary>A position on the source axis; the table is made for the greatest size, so it stops at the last element of this run.</summary>
    private string OffsetAt(StepWriter writer, string index)
    {
        Extent length = _source.Shape.Extent(_axis);
        Size last = (length.Expression - Size.Of(1)) * Size.Of(_source.Layout.Strides[_axis]);
        return length.IsDynamic ? $"global::System.Math.Min(offsets[{index}], {writer.Value(last)})" : $"offsets[{index}]";
    }

    /// <summary>Position j of the axis: all elements of the dimensions inside it.</summary>
    private void EmitElement(StepWriter writer, string pointer, IReadOnlyList<string> planes, LoopNest inner, long targetStride)
    {
        writer.Line($"{pointer} target = {planes[1]} + (j * {targetStride}L);");
        if (_extrapolation is not { } value)
        {
            EmitInside(writer, pointer, planes, inner);
            return;
        }

        using (writer.Block($"if (offsets[j * {Taps}] < 0)"))
        {
            inner.Select(new[] { 1 }).EmitAll(writer, new[] { ("target", pointer) }, at => writer.Line($"*({StepWriter.PointerType(_source.Type)})({at[0]}) = {Extrapolated(value)};"));
        }

        using (writer.Block("else"))
        {
            EmitInside(writer, pointer, planes, inner);
        }
    }

    /// <summary>What lies inside the source.</summary>
    private void EmitInside(StepWriter writer, string pointer, IReadOnlyList<string> planes, LoopNest inner)
    {
        if (_weights is null)
        {
            writer.Line($"{pointer} source = {planes[0]} + {OffsetAt(writer, "j")};");
            inner.EmitOuter(writer, new[] { ("source", pointer), ("target", pointer) }, rows =>
                RowCopy.Emit(writer, _source.Type, rows[0], inner.InnerStride(0), rows[1], inner.InnerStride(1), inner.InnerTrip));
            return;
        }

        var pointers = new List<(string, string)> { ("target", pointer) };
        bool unrolled = _taps <= UnrollLimit && _count is null;
        if (unrolled)
        {
            for (int t = 0; t < _taps; t++)
            {
                writer.Line($"{pointer} s{t} = {planes[0]} + {OffsetAt(writer, $"(j * {_taps}) + {t}")};");
                writer.Line($"{Element} w{t} = factors[(j * {_taps}) + {t}];");
                pointers.Add(($"s{t}", pointer));
            }
        }
        else
        {
            writer.Line($"{pointer} s0 = {planes[0]};");
            pointers.Add(("s0", pointer));
        }

        LoopNest nest = inner.Select(new[] { 1 }.Concat(Enumerable.Repeat(0, pointers.Count - 1)).ToArray());
        nest.EmitOuter(writer, pointers, rows => EmitRow(writer, nest, rows, unrolled));
    }

    private void EmitRow(StepWriter writer, LoopNest nest, IReadOnlyList<string> rows, bool unrolled)
    {
        bool vector = _source.Type == ElementType.Float32 && nest.Depth > 0 && nest.InnerStride(0) == 1 && nest.InnerStride(1) == 1;
        if (vector)
        {
            VectorLoop.Emit(writer, nest.InnerTrip, (simd, i) => EmitSum(writer, simd, rows, i, i, unrolled));
            return;
        }

        using (writer.For("i", nest.InnerTrip))
        {
            EmitSum(writer, Simd.Scalar, rows, $"(i * {nest.InnerStride(0)}L)", $"(i * {nest.InnerStride(1)}L)", unrolled);
        }
    }

    private void EmitSum(StepWriter writer, Simd simd, IReadOnlyList<string> rows, string to, string from, bool unrolled)
    {
        if (unrolled)
        {
            string sum = $"{simd.Broadcast("w0")} * {simd.Load(VectorLoop.At(rows[1], from))}";
            for (int t = 1; t < _taps; t++)
            {
                sum = simd.MultiplyAdd(simd.Broadcast($"w{t}"), simd.Load(VectorLoop.At(rows[t + 1], from)), sum);
            }

            writer.Line(simd.Store(VectorLoop.At(rows[0], to), sum));
            return;
        }

        string type = simd.IsScalar ? Element : simd.Type;
        writer.Line($"{type} sum = {(simd.IsScalar ? "0" : simd.Zero)};");
        using (writer.Block($"for (int t = 0; t < {Taps}; t++)"))
        {
            string x = simd.Load(VectorLoop.At($"{rows[1]} + {OffsetAt(writer, $"(j * {Taps}) + t")}", from));
            writer.Line($"sum = {simd.MultiplyAdd(simd.Broadcast($"factors[(j * {Taps}) + t]"), x, "sum")};");
        }

        writer.Line(simd.Store(VectorLoop.At(rows[0], to), "sum"));
    }

    /// <summary>The value of elements outside the source in code; of types that are only moved it is zero.</summary>
    private string Extrapolated(float value) => _source.Type switch
    {
        ElementType.Float64 => Literal.Of((double)value),
        ElementType.Float32 => Literal.Of(value),
        ElementType.Bool => value != 0 ? "1" : "0",
        _ when _source.Type.IsInteger() => Literal.Of(ElementEvaluation.ReadInteger(ElementEvaluation.Scalar(_source.Type, value), 0), _source.Type),
        _ => "default",
    };
}
