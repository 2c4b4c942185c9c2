using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Resamples an axis whose elements lie side by side: <c>y[…, j] = Σₜ w[t, j]·x[…, position[j, t]]</c>. Vectors run along the axis wherever
/// the positions of each element are neighbours, which they are but where they are moved to the ends of the axis.
/// </summary>
internal sealed class ResampleRowsStep : Step
{
    /// <summary>Sums up to this length are written out.</summary>
    private const int UnrollLimit = 4;

    private readonly int _axis;
    private readonly int _taps;
    private readonly TensorView _source;
    private readonly TensorView _positions;
    private readonly TensorView _weights;
    private readonly TensorView _target;
    private readonly TensorView? _count;
    private readonly float? _extrapolation;
    private readonly Extent _tableLength;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="name">Name of the step.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="taps">Summands T of each element, an even number.</param>
    /// <param name="source">f32 input; of the target's shape but for the axis.</param>
    /// <param name="positions">i32 [length, T] positions on the source axis, ascending with t.</param>
    /// <param name="weights">f32 [T, length] factors.</param>
    /// <param name="target">Output.</param>
    /// <param name="tableLength">Length of the tables, at least that of the output axis.</param>
    /// <param name="count">i32 [1]: T, if the run finds it, an even number; the tables are then dense for it.</param>
    /// <param name="extrapolation">The value of elements whose first position is -1, which are at the ends; null if there are none.</param>
    public ResampleRowsStep(
        Node node, string name, int axis, int taps, TensorView source, TensorView positions, TensorView weights, TensorView target, Extent tableLength, TensorView? count, float? extrapolation)
        : base(node, name)
    {
        _axis = axis;
        _taps = taps;
        _source = source;
        _positions = positions;
        _weights = weights;
        _target = target;
        _count = count;
        _extrapolation = extrapolation;
        _tableLength = tableLength;
    }

    /// <summary>True if an axis of two views can be resampled so.</summary>
    public static bool Applies(TensorView source, TensorView target, int axis, int taps) => taps % 2 == 0
        && source.Type == ElementType.Float32
        && new[] { source, target }.All(v => !v.Layout.IsBlocked && v.Layout.Strides[axis] == 1 && v.Shape.Product(axis + 1, v.Shape.Rank) == 1);

    public override bool TakesRunTimeSizes => true;

    public override bool SharesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _source, _positions, _weights, _count }.OfType<TensorView>().ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _target };

    public override string Kernel => $"weighted sums{(_count is null ? $" of {_taps}" : string.Empty)} along rows";

    public override string Summary => $"{Node!.Operator.Name}, axis {_axis}, {_source.Shape} to {_target.Shape}";

    /// <summary>Twice those of vectors in order: what is multiplied has to be brought together first.</summary>
    public override long MultiplyAdds => 2 * _target.Shape.ElementCount * _taps;

    public override Extent ParallelExtent(Simd simd) => Rows.Units;

    /// <summary>The loops over rows, for threads to share.</summary>
    private LoopNest Rows => LoopNest.Build(
        _source.Layout.Dimensions().Take(_axis).ToArray(),
        _target.Layout.Dimensions().Take(_axis).ToArray()).Divided(least: 1);

    private string Taps => _count is null ? $"{_taps}" : "taps";

    public override void Emit(StepWriter writer)
    {
        writer.Pointer(_source, "x");
        writer.Pointer(_target, "y");
        writer.Pointer(_positions, "positions");
        writer.Pointer(_weights, "factors");
        if (_count is not null)
        {
            writer.Pointer(_count, "count");
            writer.Line("int taps = *count;");
        }

        LoopNest rows = Rows;
        rows.EmitShared(writer, new[] { ("x", "float*"), ("y", "float*") }, outer =>
        {
            using (writer.For("row", rows.InnerTrip))
            {
                writer.Line($"float* source = {outer[0]} + (row * {rows.InnerStride(0)}L);");
                writer.Line($"float* target = {outer[1]} + (row * {rows.InnerStride(1)}L);");
                VectorLoop.Emit(writer, _target.Shape.Extent(_axis), (simd, j) => EmitGroup(writer, simd, j));
            }
        });
    }

    /// <summary>As many elements as a register has lanes: at once, unless the positions of one of them are no neighbours.</summary>
    private void EmitGroup(StepWriter writer, Simd simd, string j)
    {
        if (simd.IsScalar)
        {
            EmitElement(writer, j);
            return;
        }

        writer.Line($"int* first = positions + ({j} * {Taps});");
        writer.Line($"int* last = first + ({simd.Lanes - 1} * {Taps});");
        using (writer.Block($"if ({AreNeighbours(writer, "first")} && {AreNeighbours(writer, "last")})"))
        {
            string sum = $"{simd.Class}Windows.Sum(source, first, {Taps}, factors + {j}, {writer.Value(_tableLength)})";
            writer.Line(simd.Store(VectorLoop.At("target", j), sum));
        }

        using (writer.Block("else"))
        using (writer.Block($"for (int k = {j}; k < {j} + {simd.Lanes}; k++)"))
        {
            EmitElement(writer, "k");
        }
    }

    /// <summary>Since positions only ascend or only descend along the axis, what holds for two elements holds for those between.</summary>
    private string AreNeighbours(StepWriter writer, string positions)
    {
        string reach = $"{positions}[{Taps} - 1]";
        string inside = _extrapolation is null ? string.Empty : $"{positions}[0] >= 0 && ";
        Extent length = _source.Shape.Extent(_axis);
        string bounded = length.IsDynamic ? $" && {reach} < {writer.Value(length)}" : string.Empty;
        return $"{inside}{reach} - {positions}[0] == {Taps} - 1{bounded}";
    }

    private void EmitElement(StepWriter writer, string j)
    {
        if (_extrapolation is { } value)
        {
            using (writer.Block($"if (positions[{j} * {Taps}] < 0)"))
            {
                writer.Line($"target[{j}] = {Literal.Of(value)};");
            }

            using (writer.Block("else"))
            {
                EmitSum(writer, j);
            }

            return;
        }

        EmitSum(writer, j);
    }

    private void EmitSum(StepWriter writer, string j)
    {
        string Summand(string t) => $"factors[({t} * {writer.Value(_tableLength)}) + {j}] * source[{Position(writer, $"({j} * {Taps}) + {t}")}]";
        if (_count is null && _taps <= UnrollLimit)
        {
            writer.Line($"target[{j}] = {string.Join(" + ", Enumerable.Range(0, _taps).Select(t => $"({Summand($"{t}")})"))};");
            return;
        }

        writer.Line("float sum = 0;");
        using (writer.Block($"for (int t = 0; t < {Taps}; t++)"))
        {
            writer.Line($"sum += {Summand("t")};");
        }

        writer.Line($"target[{j}] = sum;");
    }

    /// <summary>A position on the source axis; the table is made for the greatest size, so it stops at the last element of this run.</summary>
    private string Position(StepWriter writer, string index)
    {
        Extent length = _source.Shape.Extent(_axis);
        return length.IsDynamic ? $"global::System.Math.Min(positions[{index}], {writer.Value(length)} - 1)" : $"positions[{index}]";
    }
}
