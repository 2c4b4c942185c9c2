using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// The k best elements of each slice and their positions, best first, for types of up to 4 bytes: an element and its position are one
/// integer. Those of a slice that may be among the k best are sorted, or a heap of the best so far if these are few. Of equal elements
/// the earlier is the better.
/// </summary>
internal sealed class RankStep : Step
{
    /// <summary>Fewer of a slice are selected by <see cref="TopKStep"/>, where they lie.</summary>
    private const int FewestKeys = 16;

    /// <summary>The same where all elements of a short slice could have keys.</summary>
    private const int FewestSorted = 8;

    /// <summary>Of shorter slices all keys are sorted: those that cannot be among the best are not worth finding.</summary>
    private const int ShortestSelected = 512;

    private readonly TensorView _input;
    private readonly TensorView _values;
    private readonly TensorView _indices;
    private readonly TensorView[] _keys;
    private readonly LoopNest _kept;
    private readonly IterationDimension _axis;
    private readonly long _valueStride;
    private readonly long _indexStride;
    private readonly Extent _k;
    private readonly bool _largest;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">What is read; plain.</param>
    /// <param name="values">The k best, not empty; plain.</param>
    /// <param name="indices">Their positions along the axis, i64; plain.</param>
    /// <param name="keys">Two scratch views of <see cref="KeyCount"/> u64.</param>
    /// <param name="axis">The axis that is searched.</param>
    /// <param name="largest">True if larger is better.</param>
    public RankStep(Node node, TensorView input, TensorView values, TensorView indices, TensorView[] keys, int axis, bool largest)
        : base(node, node.Name)
    {
        _input = input;
        _values = values;
        _indices = indices;
        _keys = keys;
        _largest = largest;
        TensorView[] views = { input, values, indices };
        _kept = LoopNest.Build(views.Select(v => (IReadOnlyList<IterationDimension>)v.Layout.Dimensions().Where((_, i) => i != axis).ToArray()).ToArray());
        _axis = input.Layout.Dimensions()[axis];
        _valueStride = values.Layout.Strides[axis];
        _indexStride = indices.Layout.Strides[axis];
        _k = values.Shape.Extent(axis);
    }

    /// <summary>True if the step is the better one for k of so many elements of a type.</summary>
    public static bool Applies(ElementType type, Extent k, Extent length) => type.Size() <= sizeof(int) && (HasAll(k, length) || (k.Maximum >= FewestKeys && !k.IsDynamic && length.Maximum >= ShortestSelected));

    /// <summary>Keys that each of the two lists has room for.</summary>
    public static int KeyCount(Extent k, Extent length) => HasAll(k, length) ? length.Maximum : k.Maximum;

    /// <summary>True if all elements of a slice have keys.</summary>
    private static bool HasAll(Extent k, Extent length) => k == length
        || (!k.IsDynamic && !length.IsDynamic && k.Maximum >= FewestSorted && (long)k.Maximum * SortedShare(length.Maximum) >= length.Maximum);

    /// <summary>With fewer than one of so many elements wanted a heap takes less time: merging takes most for each element, digits less, selecting least.</summary>
    private static int SortedShare(int length) => length < ShortestSelected / 2 ? 4 : length < ShortestSelected ? 8 : 32;

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _values, _indices };

    public override IReadOnlyList<Storage> Scratch => _keys.Select(static k => k.Storage).ToArray();

    public override string Kernel => $"top {_k} of {_axis.Trip}, {(HasAll(_k, _axis.Trip) ? "sorted keys" : "heap of keys")}";

    public override string Summary => $"{Node!.Operator.Name}, the {_k} {(_largest ? "largest" : "smallest")} of {_axis.Trip} elements and their positions";

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _kept.Divided(least: 1);

    public override bool SharesRunTimeSizes => true;

    /// <summary>The slices, if each share's keys have room on its thread's stack.</summary>
    public override Extent ParallelExtent(Simd simd) => _keys.Sum(static k => k.TouchedBytes) <= StepWriter.MaxLocalBytes ? Divided.Units : 1;

    public override void Emit(StepWriter writer)
    {
        string type = StepWriter.PointerType(_input.Type);
        string x = writer.Pointer(_input, "x", _input.Describe());
        string values = writer.Pointer(_values, "values", _values.Describe());
        string indices = writer.Pointer(_indices, "indices", _indices.Describe());
        EmitKeys(writer);
        LoopNest nest = writer.IsShared ? Divided : _kept;
        nest.EmitShared(writer, new[] { (x, type), (values, type), (indices, "long*") }, rows =>
        {
            using (writer.For("i", nest.InnerTrip))
            {
                writer.Line($"{type} from = {rows[0]} + (i * {_kept.InnerStride(0)}L);");
                writer.Line($"{type} best = {rows[1]} + (i * {_kept.InnerStride(1)}L);");
                writer.Line($"long* at = {rows[2]} + (i * {_kept.InnerStride(2)}L);");
                EmitSlice(writer);
            }
        });
    }

    /// <summary>Declares the two lists of keys.</summary>
    private void EmitKeys(StepWriter writer)
    {
        foreach ((TensorView view, string name) in _keys.Zip(new[] { "keys", "other" }, static (view, name) => (view, name)))
        {
            if (writer.IsShared)
            {
                writer.Line($"ulong* {name} = (ulong*){writer.Local($"{name}Bytes", view.TouchedBytes, "keys of a slice")};");
            }
            else
            {
                writer.Pointer(view, name);
            }
        }
    }

    private void EmitSlice(StepWriter writer)
    {
        Extent count = HasAll(_k, _axis.Trip) ? _axis.Trip : _k;
        using (writer.For("j", count))
        {
            writer.Line($"keys[j] = {Key("j")};");
        }

        string sorted = writer.Value(count);
        string sort = "Sort";
        if (count != _axis.Trip)
        {
            EmitSelect(writer);
            sort = "SortByMerging";
        }
        else if (count != _k && count.Maximum >= ShortestSelected)
        {
            writer.Line($"int kept = RankKeys.KeepBest(keys, {sorted}, {writer.Value(_k)});");
            sorted = "kept";
        }

        writer.Line($"ulong* sorted = RankKeys.{sort}(keys, other, {sorted});");
        using (writer.For("j", _k))
        {
            writer.Line("int position = RankKeys.Position(sorted[j]);");
            writer.Line($"best[j * {_valueStride}L] = from[position * {_axis.Stride}L];");
            writer.Line($"at[j * {_indexStride}L] = position;");
        }
    }

    private string Key(string position) => $"RankKeys.Of(from[{position} * {_axis.Stride}L], {position}, {(_largest ? "true" : "false")})";

    /// <summary>Every further element that is better than the worst of the heap takes its place; vectors without such an element are passed over.</summary>
    private void EmitSelect(StepWriter writer)
    {
        string length = writer.Value(_axis.Trip);
        writer.Line($"RankKeys.MakeHeap(keys, {writer.Value(_k)});");
        using (writer.Block($"for (int j = {writer.Value(_k)}; j < {length}; j++)"))
        {
            if (_axis.Stride == 1 && !writer.Simd.IsScalar)
            {
                // Where either is NaN the comparison is false, and the elements are looked at one by one.
                Simd simd = writer.Simd.Native(_input.Type);
                string worst = simd.Broadcast("from[RankKeys.Position(keys[0])]");
                string noneBetter = $"~{simd.Class}.{(_largest ? "LessThanOrEqual" : "GreaterThanOrEqual")}({simd.Load("from + j")}, {worst}) == {simd.Zero}";
                using (writer.Block($"while (j < {length} - {simd.Lanes} && {noneBetter})"))
                {
                    writer.Line($"j += {simd.Lanes};");
                }
            }

            writer.Line($"ulong key = {Key("j")};");
            using (writer.Block("if (key < keys[0])"))
            {
                writer.Line($"RankKeys.ReplaceWorst(keys, {writer.Value(_k)}, key);");
            }
        }
    }
}
