using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// The k best elements of each slice and their positions, best first. A heap of the k best so far, the worst at its root,
/// lies in the outputs; in the end it is sorted there. Of equal elements the earlier is the better.
/// </summary>
internal sealed class TopKStep : Step
{
    private readonly TensorView _input;
    private readonly TensorView _values;
    private readonly TensorView _indices;
    private readonly LoopNest _kept;
    private readonly IterationDimension _axis;
    private readonly long _valueStride;
    private readonly long _indexStride;
    private readonly TensorView? _wanted;
    private readonly Extent _k;
    private readonly bool _largest;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">What is read; plain.</param>
    /// <param name="wanted">One integer, k, if it is a count of the node; else null.</param>
    /// <param name="values">The k best, not empty; plain.</param>
    /// <param name="indices">Their positions along the axis, i64; plain.</param>
    /// <param name="axis">The axis that is searched.</param>
    /// <param name="largest">True if larger is better.</param>
    public TopKStep(Node node, TensorView input, TensorView? wanted, TensorView values, TensorView indices, int axis, bool largest)
        : base(node, node.Name)
    {
        _input = input;
        _wanted = wanted;
        _values = values;
        _indices = indices;
        _largest = largest;
        TensorView[] views = { input, values, indices };
        _kept = LoopNest.Build(views.Select(v => (IReadOnlyList<IterationDimension>)v.Layout.Dimensions().Where((_, i) => i != axis).ToArray()).ToArray());
        _axis = input.Layout.Dimensions()[axis];
        _valueStride = values.Layout.Strides[axis];
        _indexStride = indices.Layout.Strides[axis];
        _k = values.Shape.Extent(axis);
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<SizeVariable> ComputedSizes => Node!.ComputedSizes;

    public override bool CanFail => _wanted is not null;

    public override IReadOnlyList<TensorView> Reads => _wanted is null ? new[] { _input } : new[] { _input, _wanted };

    public override IReadOnlyList<TensorView> Writes => new[] { _values, _indices };

    public override string Kernel => $"top {_k} of {_axis.Trip}, heap";

    public override string Summary => $"{Node!.Operator.Name}, the {_k} {(_largest ? "largest" : "smallest")} of {_axis.Trip} elements and their positions";

    private string Element => _input.Type.CSharpName();

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _kept.Divided(least: 1);

    public override bool SharesRunTimeSizes => true;

    /// <summary>The slices; one piece if it finds a count.</summary>
    public override Extent ParallelExtent(Simd simd) => _wanted is null ? Divided.Units : 1;

    public override void Emit(StepWriter writer)
    {
        string type = StepWriter.PointerType(_input.Type);
        string x = writer.Pointer(_input, "x", _input.Describe());
        string values = writer.Pointer(_values, "values", _values.Describe());
        string indices = writer.Pointer(_indices, "indices", _indices.Describe());
        string k = EmitCount(writer);
        LoopNest nest = writer.IsShared ? Divided : _kept;
        nest.EmitShared(writer, new[] { (x, type), (values, type), (indices, "long*") }, rows =>
        {
            using (writer.For("i", nest.InnerTrip))
            {
                writer.Line($"{type} from = {rows[0]} + (i * {_kept.InnerStride(0)}L);");
                writer.Line($"{type} best = {rows[1]} + (i * {_kept.InnerStride(1)}L);");
                writer.Line($"long* at = {rows[2]} + (i * {_kept.InnerStride(2)}L);");
                EmitFill(writer, k);
                EmitSelect(writer, k);
                EmitSort(writer, k);
            }
        });
        if (CanFail)
        {
            writer.Line("return 0;");
        }
    }

    /// <summary>k as text; one that is a count is read, checked and reported.</summary>
    private string EmitCount(StepWriter writer)
    {
        if (_wanted is null)
        {
            return writer.Value(_k);
        }

        writer.Line($"long wanted = *{writer.Pointer(_wanted, "k", _wanted.Describe())};");
        using (writer.Block($"if (wanted < 0 || wanted > {writer.Value(_axis.Trip)})"))
        {
            writer.Line($"*{SizeTable.Target(ComputedSizes[0])} = 0;");
            writer.Line("return 1;");
        }

        writer.Line("int count = (int)wanted;");
        writer.Line($"*{SizeTable.Target(ComputedSizes[0])} = count;");
        return "count";
    }

    private string Value(string index) => $"best[({index}) * {_valueStride}L]";

    private string Position(string index) => $"at[({index}) * {_indexStride}L]";

    /// <summary>The first k elements, made a heap from its last parent up.</summary>
    private void EmitFill(StepWriter writer, string k)
    {
        using (writer.Block($"for (int j = 0; j < {k}; j++)"))
        {
            writer.Line($"{Value("j")} = from[j * {_axis.Stride}L];");
            writer.Line($"{Position("j")} = j;");
        }

        using (writer.Block($"for (int parent = ({k} / 2) - 1; parent >= 0; parent--)"))
        {
            writer.Line($"{Element} value = {Value("parent")};");
            writer.Line($"long position = {Position("parent")};");
            EmitSift(writer, "parent", k);
        }
    }

    /// <summary>Every further element that is better than the root takes its place. It comes later, so an equal one is not better.</summary>
    private void EmitSelect(StepWriter writer, string k)
    {
        if (_axis.Trip == _k)
        {
            return;
        }

        using (writer.Block($"for (int position = {k}; position < {(_k.IsDynamic ? $"({k} == 0 ? 0 : {writer.Value(_axis.Trip)})" : writer.Value(_axis.Trip))}; position++)"))
        {
            EmitSkip(writer);
            writer.Line($"{Element} value = from[position * {_axis.Stride}L];");
            using (writer.Block($"if (value {(_largest ? ">" : "<")} {Value("0")})"))
            {
                EmitSift(writer, "0", k);
            }
        }
    }

    /// <summary>Passes over vectors of a contiguous slice that have nothing better than the root; the loop's element is no further than the last one.</summary>
    private void EmitSkip(StepWriter writer)
    {
        if (_axis.Stride != 1 || writer.Simd.IsScalar)
        {
            return;
        }

        Simd simd = writer.Simd.Native(_input.Type);
        string better = $"{simd.Class}.{(_largest ? "GreaterThan" : "LessThan")}({simd.Load("from + position")}, {simd.Broadcast(Value("0"))})";
        using (writer.Block($"while (position < {writer.Value(_axis.Trip)} - {simd.Lanes} && {better} == {simd.Zero})"))
        {
            writer.Line($"position += {simd.Lanes};");
        }
    }

    /// <summary>The worst goes to the end again and again.</summary>
    private void EmitSort(StepWriter writer, string k)
    {
        using (writer.Block($"for (int end = {k} - 1; end > 0; end--)"))
        {
            writer.Line($"{Element} value = {Value("end")};");
            writer.Line($"long position = {Position("end")};");
            writer.Line($"{Value("end")} = {Value("0")};");
            writer.Line($"{Position("end")} = {Position("0")};");
            EmitSift(writer, "0", "end");
        }
    }

    /// <summary>Puts <c>value</c> and <c>position</c> at or below a hole in the heap, so that no parent is better than its children.</summary>
    private void EmitSift(StepWriter writer, string start, string count)
    {
        writer.Line($"int hole = {start};");
        using (writer.Block("while (true)"))
        {
            writer.Line("int child = (2 * hole) + 1;");
            using (writer.Block($"if (child >= {count})"))
            {
                writer.Line("break;");
            }

            using (writer.Block($"if (child + 1 < {count} && {Better(Value("child"), Position("child"), Value("child + 1"), Position("child + 1"))})"))
            {
                writer.Line("child++;");
            }

            using (writer.Block($"if (!{Better("value", "position", Value("child"), Position("child"))})"))
            {
                writer.Line("break;");
            }

            writer.Line($"{Value("hole")} = {Value("child")};");
            writer.Line($"{Position("hole")} = {Position("child")};");
            writer.Line("hole = child;");
        }

        writer.Line($"{Value("hole")} = value;");
        writer.Line($"{Position("hole")} = position;");
    }

    private string Better(string value, string position, string otherValue, string otherPosition) =>
        $"({value} {(_largest ? ">" : "<")} {otherValue} || ({value} == {otherValue} && {position} < {otherPosition}))";
}
