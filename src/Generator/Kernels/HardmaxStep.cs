using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Writes 1 at the first of the largest elements of each slice, 0 elsewhere: contiguous rows, or neighbouring columns, in vectors
/// (<see cref="ExtremeSearch"/>); all else is scalar.
/// </summary>
internal sealed class HardmaxStep : Step
{
    private readonly TensorView _input;
    private readonly TensorView _output;
    private readonly LoopNest _kept;
    private readonly LoopNest _slice;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">What is read; plain.</param>
    /// <param name="output">What is written, of the same shape; plain, not empty.</param>
    /// <param name="axes">The dimensions of a slice.</param>
    public HardmaxStep(Node node, TensorView input, TensorView output, IReadOnlyList<int> axes)
        : base(node, node.Name)
    {
        _input = input;
        _output = output;
        IReadOnlyList<IterationDimension> from = input.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = output.Layout.Dimensions();
        int[] kept = Enumerable.Range(0, from.Count).Where(i => !axes.Contains(i)).ToArray();
        _kept = LoopNest.Build(kept.Select(i => from[i]).ToArray(), kept.Select(i => to[i]).ToArray());
        _slice = LoopNest.Build(axes.Select(i => from[i]).ToArray(), axes.Select(i => to[i]).ToArray());
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"hardmax{(IsRows ? ", rows" : IsColumns ? ", columns" : ", scalar")}";

    public override string Summary => $"{Node!.Operator.Name}, 1 at the first of the largest elements of a slice";

    private ExtremeSearch Search => new(_input.Type, _slice.InnerTrip, _slice.InnerStride(0), Largest: true, Last: false);

    private bool IsRows => _slice.Depth == 1 && Search.IsRow && _slice.InnerStride(1) == 1;

    private bool IsColumns => !IsRows && _slice.Depth == 1 && _kept.InnerStride(1) == 1 && Search.HasColumns(_kept.InnerTrip, _kept.InnerStride(0));

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
        nest.EmitShared(writer, new[] { (x, type), (y, type) }, rows =>
        {
            if (IsColumns)
            {
                VectorLoop.Emit(
                    writer,
                    nest.InnerTrip,
                    (simd, index) => EmitColumns(writer, simd.Of(_input.Type), VectorLoop.At(rows[0], index), VectorLoop.At(rows[1], index)),
                    _input.Type.Size());
                return;
            }

            using (writer.For("slice", nest.InnerTrip))
            {
                writer.Line($"{type} from = {rows[0]} + (slice * {_kept.InnerStride(0)}L);");
                writer.Line($"{type} to = {rows[1]} + (slice * {_kept.InnerStride(1)}L);");
                if (IsRows)
                {
                    EmitRow(writer);
                }
                else
                {
                    EmitSlice(writer);
                }
            }
        });
    }

    private void EmitRow(StepWriter writer)
    {
        Search.EmitSlice(writer, "from");
        VectorLoop.Emit(
            writer,
            _slice.InnerTrip,
            (simd, index) =>
            {
                Simd lanes = simd.Of(_input.Type);
                writer.Line(lanes.Store(VectorLoop.At("to", index), lanes.Zero));
            },
            _input.Type.Size());
        using (writer.Block(_slice.Count.IsDynamic ? $"if ({writer.Value(_slice.Count)} > 0)" : string.Empty))
        {
            writer.Line("to[position] = 1;");
        }
    }

    /// <summary>A register of neighbouring slices: the positions first, then each element by its own.</summary>
    private void EmitColumns(StepWriter writer, Simd simd, string x, string y)
    {
        string type = StepWriter.PointerType(_input.Type);
        writer.Line($"{type} from = {x};");
        writer.Line($"{type} to = {y};");
        Search.EmitColumns(writer, simd, "from");
        using (writer.For("k", _slice.InnerTrip))
        {
            string isPosition = simd.IsScalar ? "position == k" : $"{simd.Class}.Equals(position, {Search.Position(simd, "k")}).As{(simd.HoldsDoubles ? "Double" : "Single")}()";
            string one = simd.HoldsDoubles ? simd.DoubleConstant(1) : simd.Constant(1);
            writer.Line(simd.Store($"to + (k * {_slice.InnerStride(1)}L)", simd.Select(isPosition, one, simd.Zero)));
        }
    }

    /// <summary>A slice of any form, element by element.</summary>
    private void EmitSlice(StepWriter writer)
    {
        string name = _input.Type.CSharpName();
        string type = StepWriter.PointerType(_input.Type);
        writer.Line($"{type} best = to;");
        writer.Line($"{name} maximum = {name}.NegativeInfinity;");
        _slice.EmitOuter(writer, new[] { ("from", type), ("to", type) }, slice =>
        {
            using (writer.For("k", _slice.InnerTrip))
            {
                writer.Line($"{name} element = {slice[0]}[k * {_slice.InnerStride(0)}L];");
                writer.Line($"{slice[1]}[k * {_slice.InnerStride(1)}L] = 0;");
                using (writer.Block("if (element > maximum)"))
                {
                    writer.Line("maximum = element;");
                    writer.Line($"best = {slice[1]} + (k * {_slice.InnerStride(1)}L);");
                }
            }
        });
        using (writer.Block(_slice.Count.IsDynamic ? $"if ({writer.Value(_slice.Count)} > 0)" : string.Empty))
        {
            writer.Line("*best = 1;");
        }
    }
}
