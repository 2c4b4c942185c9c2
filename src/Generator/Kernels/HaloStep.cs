using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Writes zeros, or the bytes that stand for them, into the halo of a buffer, before anything is written into its interior.</summary>
internal sealed class HaloStep : Step
{
    private readonly TensorView _buffer;

    public HaloStep(string value, TensorView buffer)
        : base(null, $"halo of {value}")
    {
        _buffer = buffer;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => Array.Empty<TensorView>();

    public override IReadOnlyList<TensorView> Writes => new[] { _buffer };

    /// <summary>What surrounds the pixels; they themselves stay untouched.</summary>
    public override long BytesMoved => (_buffer.Layout.Extent * _buffer.Type.Size()) - _buffer.TouchedBytes;

    public override bool WritesOnlyHalo => true;

    public override string Kernel => "zero halo";

    public override string Summary => "Zeros around the pixels, so that the convolution needs no edge branches";

    public override IEnumerable<string> Explain(Simd simd) => new[]
    {
        $"Each plane of {(_buffer.Layout.IsBlocked ? $"{_buffer.Layout.Lanes} channels" : "a channel")}, in memory order: what lies before its first pixel, between its rows, and behind its last pixel.",
    };

    /// <summary>Planes; the gaps between rows if it is a map of fixed size, so that the zeros beside a row are written where the row is.</summary>
    public override Extent ParallelExtent(Simd simd) => SharesRows ? _buffer.Shape[2] + 1 : Planes;

    private bool SharesRows => _buffer.Shape.Rank == 4 && _buffer.Shape[2] > 1 && !_buffer.Shape.IsDynamic;

    private int Planes
    {
        get
        {
            Layout layout = _buffer.Layout;
            Halo halo = layout.Halo!;
            long plane = layout.IsBlocked ? layout.Lanes : 1;
            for (int i = 2; i < layout.Shape.Rank; i++)
            {
                plane *= halo.Before[i - 2] + layout.Shape[i] + halo.After[i - 2];
            }

            return checked((int)(layout.Extent / plane));
        }
    }

    /// <summary>
    /// In memory order the zeros come in runs: everything before the first interior row, the gaps between rows (the end of one
    /// and the start of the next), and everything behind the last; then the same for the next plane.
    /// </summary>
    public override void Emit(StepWriter writer)
    {
        Layout layout = _buffer.Layout;
        Halo halo = layout.Halo!;
        int rank = layout.Shape.Rank;
        int cell = layout.IsBlocked ? layout.Lanes : 1;
        int width = layout.Shape[rank - 1];
        int left = halo.Before[rank - 3];
        int right = halo.After[rank - 3];
        bool twoDimensional = rank == 4;
        int height = twoDimensional ? layout.Shape[2] : 1;
        int top = twoDimensional ? halo.Before[0] : 0;
        int bottom = twoDimensional ? halo.After[0] : 0;
        int row = (left + width + right) * cell;
        int planes = Planes;

        string pointer = StepWriter.PointerType(_buffer.Type);
        string y = writer.Pointer(_buffer with { Layout = layout.ShiftedToStart() }, "y", _buffer.Describe(), pointer);
        using (SharesRows ? writer.For("plane", planes) : writer.ForUnits("plane", layout.Shape.IsDynamicAt(0) ? layout.Shape.Extent(0) * (planes / layout.Shape[0]) : planes))
        {
            writer.Line(planes == 1 ? $"{pointer} p = {y};" : $"{pointer} p = {y} + (plane * {writer.Number((top + height + bottom) * (long)row)});");
            using (writer.Block(SharesRows && writer.IsShared ? $"if ({StepWriter.Begin} == 0)" : string.Empty))
            {
                EmitFill(writer, "p", (top * row) + (left * cell));
            }

            if (layout.Shape.IsDynamicAt(rank - 1) || (twoDimensional && layout.Shape.IsDynamicAt(2)))
            {
                EmitRunTimeEdges(writer, layout, left * cell, right * cell, row, top, bottom);
                return;
            }

            if (height > 1 && (left + right) > 0)
            {
                using (SharesRows && writer.IsShared
                    ? writer.Block($"for (int i0 = global::System.Math.Max(0, {StepWriter.Begin} - 1), gaps = global::System.Math.Min({StepWriter.End} - 1, {height - 1}); i0 < gaps; i0++)")
                    : writer.For("i0", height - 1))
                {
                    writer.Line($"{pointer} gap = p + {writer.Number((top * row) + ((left + width) * cell))} + (i0 * {writer.Number(row)});");
                    EmitFill(writer, "gap", (left + right) * cell);
                }
            }

            int behind = (right * cell) + (bottom * row);
            if (behind > 0)
            {
                using (writer.Block(SharesRows && writer.IsShared ? $"if ({StepWriter.End} == {height + 1})" : string.Empty))
                {
                    writer.Line($"{pointer} end = p + {writer.Number(((top + height - 1) * row) + ((left + width) * cell))};");
                    EmitFill(writer, "end", behind);
                }
            }
        }
    }

    /// <summary>Behind the pixels of this run: the end of each row, the start of each but the first, and what lies below the last.</summary>
    private static void EmitRunTimeEdges(StepWriter writer, Layout layout, int left, int right, int row, int top, int bottom)
    {
        int rank = layout.Shape.Rank;
        int cell = layout.IsBlocked ? layout.Lanes : 1;
        Extent height = rank == 4 ? layout.Shape.Extent(2) : 1;
        string width = writer.Value(layout.Shape.Extent(rank - 1));
        using (writer.For("i0", height))
        {
            writer.Line($"float* gap = p + {(top * row) + left} + (i0 * {row}L);");
            if (left > 0)
            {
                writer.Line("float* start = gap - " + left + ";");
                EmitZeros(writer, "start", left);
            }

            if (right > 0)
            {
                writer.Line($"float* end = gap + ({width} * {cell});");
                EmitZeros(writer, "end", right);
            }
        }

        if (bottom > 0)
        {
            writer.Line($"float* below = p + (({writer.Value(height)} + {top}) * {row}L);");
            EmitZeros(writer, "below", bottom * row);
        }
    }

    private void EmitFill(StepWriter writer, string pointer, int count)
    {
        if (_buffer.Zero is not { } zero)
        {
            EmitZeros(writer, pointer, count);
        }
        else if (count > 0)
        {
            writer.Line($"Unsafe.InitBlockUnaligned({pointer}, {zero}, {count});");
        }
    }

    /// <summary>Writes so many zeros behind a pointer.</summary>
    public static void EmitZeros(StepWriter writer, string pointer, int count)
    {
        if (count > 0)
        {
            VectorLoop.Emit(writer, count, (simd, index) => writer.Line(simd.Store(VectorLoop.At(pointer, index), simd.Zero)));
        }
    }
}
