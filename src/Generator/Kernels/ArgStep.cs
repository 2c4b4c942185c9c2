using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Positions of the largest or smallest elements along one axis, as i64: contiguous rows, or neighbouring columns, in vectors
/// (<see cref="ExtremeSearch"/>); all else is scalar.
/// </summary>
internal sealed class ArgStep : Step
{
    private readonly TensorView _input;
    private readonly TensorView _output;
    private readonly LoopNest _kept;
    private readonly ExtremeSearch _search;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">What is read; plain.</param>
    /// <param name="output">What is written: i64, not empty, the axis being 1 or absent.</param>
    /// <param name="axis">The axis that is searched; not empty.</param>
    /// <param name="keep">True if the output has the axis as 1.</param>
    /// <param name="largest">True for the largest, false for the smallest element.</param>
    /// <param name="last">Of equal elements, true for the last, false for the first.</param>
    public ArgStep(Node node, TensorView input, TensorView output, int axis, bool keep, bool largest, bool last)
        : base(node, node.Name)
    {
        _input = input;
        _output = output;
        IReadOnlyList<IterationDimension> from = input.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = output.Layout.Dimensions();
        int[] kept = Enumerable.Range(0, from.Count).Where(i => i != axis).ToArray();
        _kept = LoopNest.Build(kept.Select(i => from[i]).ToArray(), kept.Select((i, position) => to[keep ? i : position]).ToArray());
        _search = new ExtremeSearch(input.Type, from[axis].Trip, from[axis].Stride, largest, last);
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"arg {(_search.Largest ? "max" : "min")} of {_search.Count}{(_search.IsRow ? ", rows" : IsColumns ? ", columns" : ", scalar")}";

    public override string Summary =>
        $"{Node!.Operator.Name}, position of the {(_search.Last ? "last" : "first")} {(_search.Largest ? "largest" : "smallest")} of {_search.Count} elements";

    private bool IsColumns => !_search.IsRow && _kept.InnerStride(1) == 1 && _search.HasColumns(_kept.InnerTrip, _kept.InnerStride(0));

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _kept.Divided(least: IsColumns ? LoopNest.LeastRow : 1);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        string type = StepWriter.PointerType(_input.Type);
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        LoopNest nest = writer.IsShared ? Divided : _kept;
        nest.EmitShared(writer, new[] { (x, type), (y, "long*") }, rows =>
        {
            if (IsColumns)
            {
                VectorLoop.Emit(
                    writer,
                    nest.InnerTrip,
                    (simd, index) => EmitColumns(writer, simd, VectorLoop.At(rows[0], index), VectorLoop.At(rows[1], index)),
                    _search.LaneBytes);
                return;
            }

            using (writer.For("i", nest.InnerTrip))
            {
                writer.Line($"{type} from = {rows[0]} + (i * {_kept.InnerStride(0)}L);");
                _search.EmitSlice(writer, "from");
                writer.Line($"{rows[1]}[i * {_kept.InnerStride(1)}L] = position;");
            }
        });
    }

    private void EmitColumns(StepWriter writer, Simd simd, string x, string y)
    {
        writer.Line($"{StepWriter.PointerType(_input.Type)} from = {x};");
        writer.Line($"long* to = {y};");
        _search.EmitColumns(writer, simd, "from");
        if (simd.IsScalar)
        {
            writer.Line("*to = position;");
            return;
        }

        if (_search.LaneBytes == sizeof(long))
        {
            writer.Line($"{simd.Class}.Store(position, to);");
            return;
        }

        writer.Line($"{simd.Class}.Store({simd.Class}.WidenLower(position), to);");
        writer.Line($"{simd.Class}.Store({simd.Class}.WidenUpper(position), to + {simd.Lanes / 2});");
    }
}
