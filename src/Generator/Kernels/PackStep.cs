using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Copies between memory whose strides are made for the greatest sizes and memory without gaps at the actual sizes: a caller's
/// tensor, or elements that are on their way into another shape.
/// </summary>
internal sealed class PackStep : Step
{
    private readonly TensorView _strided;
    private readonly TensorView _packed;
    private readonly bool _packs;

    /// <param name="node">The node it belongs to; null for a model's input or output.</param>
    /// <param name="name">Name for people.</param>
    /// <param name="strided">The side with fixed strides; plain.</param>
    /// <param name="packed">The side without gaps: only its address counts.</param>
    /// <param name="packs">True to write the packed side, false to read it.</param>
    public PackStep(Node? node, string name, TensorView strided, TensorView packed, bool packs)
        : base(node, name)
    {
        _strided = strided;
        _packed = packed;
        _packs = packs;
    }

    /// <summary>Numbers of elements that only a run knows to be equal: it ends with an error otherwise. Null where they are known to be.</summary>
    public (Size Left, Size Right)? Equal { get; init; }

    public override bool CanFail => Equal is not null;

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _packs ? _strided : _packed };

    public override IReadOnlyList<TensorView> Writes => new[] { _packs ? _packed : _strided };

    public override string Kernel => _packs ? "pack" : "unpack";

    public override string Summary => _packs
        ? "Leaves out the gaps that lie behind the actual sizes"
        : "Gives elements that lie without gaps the places they have at the greatest sizes";

    private LoopNest Loops => LoopNest.Build(_strided.Layout.Dimensions());

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => Loops.Divided(LoopNest.LeastRow);

    public override bool SharesRunTimeSizes => true;

    /// <summary>One piece where it checks a number: there may be no elements then, and so no units that would do it.</summary>
    public override Extent ParallelExtent(Simd simd) => CanFail ? 1 : Divided.Units;

    public override void Emit(StepWriter writer)
    {
        string type = RowCopy.PointerName(_strided.Type);
        string strided = writer.Pointer(_strided, _packs ? "x" : "y", type: type);
        string packed = writer.Pointer(_packed, _packs ? "y" : "x", type: type);
        if (Equal is { } numbers)
        {
            using (writer.Block($"if ((long){writer.Value(numbers.Left)} != {writer.Value(numbers.Right)})"))
            {
                writer.Line("return 1;");
            }
        }

        LoopNest nest = writer.IsShared ? Divided : Loops;
        if (writer.IsShared)
        {
            writer.Line($"{packed} += {StepWriter.Begin} * (long){writer.Value(nest.UnitCount)};");
        }

        nest.EmitShared(writer, new[] { (strided, type) }, rows =>
        {
            (string from, long fromStride, string to, long toStride) = _packs
                ? (rows[0], nest.InnerStride(0), packed, 1L)
                : (packed, 1L, rows[0], nest.InnerStride(0));
            RowCopy.Emit(writer, _strided.Type, from, fromStride, to, toStride, nest.InnerTrip);
            writer.Line($"{packed} += {writer.Value(nest.InnerTrip)};");
        });
        if (CanFail)
        {
            writer.Line("return 0;");
        }
    }
}
