using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Lowering;

/// <summary>A step as part of a chain that runs in bands of rows.</summary>
internal sealed class BandMember
{
    private BandMember(Step step, Step byRows, TensorView output, IReadOnlyList<(TensorView View, RowAccess? Rows)> reads)
    {
        Step = step;
        ByRows = byRows;
        Output = output;
        Reads = reads;
        WeightBytes = reads.Where(static r => r.View.Storage.Kind == StorageKind.Weights).Sum(static r => r.View.TouchedBytes);
    }

    /// <summary>The step that computes everything at once.</summary>
    public Step Step { get; }

    /// <summary>The same whose units are rows.</summary>
    public Step ByRows { get; }

    /// <summary>What it writes, [N, C, H, W].</summary>
    public TensorView Output { get; }

    /// <summary>What it reads, with the rows that an output row needs.</summary>
    public IReadOnlyList<(TensorView View, RowAccess? Rows)> Reads { get; }

    /// <summary>Bytes of weights that it reads, however few rows it computes.</summary>
    public long WeightBytes { get; }

    /// <summary>Rows of the output.</summary>
    public int Rows => Output.Shape[2];

    /// <summary>The step as a member, or null if it does not compute rows.</summary>
    public static BandMember? Of(Step step)
    {
        if (step.CanFail || step is not IRowStep rows || step.Writes.Count != 1 || step.Writes[0] is not { Shape: { Rank: 4, IsDynamic: false } } output)
        {
            return null;
        }

        return rows.ByRows() is { } byRows ? new BandMember(step, byRows, output, rows.RowReads) : null;
    }

    /// <summary>True if two views of one storage show rows that lie at the same places.</summary>
    public static bool HaveSameRows(TensorView a, TensorView b) => a.Type == b.Type
        && a.Layout.Kind == b.Layout.Kind
        && a.Shape.Rank == 4
        && b.Shape.Rank == 4
        && a.Shape[0] == b.Shape[0]
        && a.Shape[2] == b.Shape[2]
        && a.Shape[3] == b.Shape[3]
        && a.Layout.Strides.SequenceEqual(b.Layout.Strides);

    /// <summary>True if two views of one storage with the same rows have planes in common.</summary>
    public static bool Overlap(TensorView a, TensorView b)
    {
        (int firstA, int endA) = Planes(a);
        (int firstB, int endB) = Planes(b);
        return firstA < endB && firstB < endA;
    }

    /// <summary>The channels, or blocks of them, that a view shows of its storage. A window's view begins in the padding, before the plane's first pixel.</summary>
    private static (int First, int End) Planes(TensorView view)
    {
        Layout layout = view.Layout;
        long home = ((layout.Halo?.Before[0] ?? 0) * layout.Strides[2]) + ((layout.Halo?.Before[1] ?? 0) * layout.Strides[3]);
        long shift = layout.Offset - home;
        int first = (int)(shift <= 0 ? 0 : (shift + layout.Strides[1] - 1) / layout.Strides[1]);
        return (first, first + (layout.IsBlocked ? Layout.BlockCount(view.Shape[1]) : view.Shape[1]));
    }
}
