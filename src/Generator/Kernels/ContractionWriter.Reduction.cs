using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <content>The loops of the sum inside a register tile.</content>
internal sealed partial class ContractionWriter
{
    private void WriteReduction(ReductionPart part, int depth, string source, int positions, TileRow row)
    {
        if (_work.HasTermTable)
        {
            WriteTable(source, positions, row);
            return;
        }

        if (_simd.IsScalar && depth == 0 && TryWriteScalarWindow(part, source, positions, row))
        {
            return;
        }

        int extent = part.Loops.Count == 0 ? 1 : part.Loops[depth].Extent;
        long stride = part.Loops.Count == 0 ? 0 : part.Loops[depth].Stride;
        if (_work.HasTapTable && depth == 0)
        {
            using (_writer.For("k0", extent))
            {
                _writer.Line($"{PointerType(_work.Input)} x0 = {source} + taps[k0];");
                WriteReduction(part, 1, "x0", positions, row);
            }

            return;
        }

        if (_work.TermRanges is not null && depth == 0)
        {
            WriteRange(part, source, positions, row);
            return;
        }

        if (depth >= part.Loops.Count - 1)
        {
            if (_work.HasPartialCells)
            {
                WriteTermsBetween($"{source} + lane", $"{source} + laneEnd", stride, positions, row);
                return;
            }

            if (_work.LaneInput && extent <= MaxUnrolledTaps && !_writer.IsCompact)
            {
                if (_terms.TryWriteRow(source, stride, extent, positions, row))
                {
                    return;
                }

                for (int tap = 0; tap < extent; tap++)
                {
                    WriteTerms(Add(source, tap * stride), null, 0, 1, positions, row);
                }

                return;
            }

            WriteTermLoop(source, stride, TripOf(part, depth, extent), positions, row);
            return;
        }

        if (extent == 1)
        {
            WriteReduction(part, depth + 1, source, positions, row);
            return;
        }

        using (_writer.For($"k{depth}", TripOf(part, depth, extent)))
        {
            _writer.Line($"{PointerType(_work.Input)} x{depth} = {source} + {Walked($"k{depth}", stride)};");
            WriteReduction(part, depth + 1, $"x{depth}", positions, row);
        }
    }

    /// <summary>The sums of a block whose extent a table says.</summary>
    private void WriteRange(ReductionPart part, string source, int positions, TileRow row)
    {
        string Entry(int column) => $"starts[{column * _work.Blocks} + block]";
        long stride = part.Loops[0].Stride;
        if (part.Loops.Count == 1)
        {
            WriteTermsBetween(source, $"{source} + ({Entry(1)} * {stride})", stride, positions, row);
            return;
        }

        using (_writer.Block($"for (int k0 = 0; k0 < {Entry(1)}; k0++)"))
        {
            _writer.Line($"{PointerType(_work.Input)} x0 = {source} + {Walked("k0", stride)};");
            if (_work.HasPartialCells)
            {
                _writer.Line($"int lane = k0 == 0 ? {Entry(2)} : 0;");
                _writer.Line($"int laneEnd = k0 == {Entry(1)} - 1 ? {Entry(3)} : {Layout.BlockSize};");
            }

            WriteReduction(part, 1, "x0", positions, row);
        }
    }

    /// <summary>The sums of a block whose terms lie here and there.</summary>
    private void WriteTable(string source, int positions, TileRow row)
    {
        using (_writer.Block())
        {
            _writer.Line($"int* places = starts + {_work.Blocks} + (block * {_work.ReductionLength});");
            _writer.Line("int* placesEnd = places + starts[block];");
            foreach (int terms in new[] { _tile.Split, 1 }.Distinct())
            {
                using (_writer.Block($"for (; places <= placesEnd - {terms}; places += {terms})"))
                {
                    for (int term = 0; term < terms; term++)
                    {
                        using (_writer.Block())
                        {
                            _writer.Line($"{PointerType(_work.Input)} xk = {source} + places[{term}];");
                            _terms.Write("xk", null, 0, term, positions, row);
                        }
                    }

                    _writer.Line($"wTile += {terms * _work.RowLength};");
                }
            }
        }
    }

    /// <summary>All terms from one input element to another, as many at once as each output has sums.</summary>
    private void WriteTermsBetween(string from, string to, long stride, int positions, TileRow row)
    {
        using (_writer.Block())
        {
            _writer.Line($"{PointerType(_work.Input)} xk = {from};");
            _writer.Line($"{PointerType(_work.Input)} xEnd = {to};");
            foreach (int terms in new[] { _tile.Split, 1 }.Distinct())
            {
                using (_writer.Block($"for (; xk <= xEnd - {terms * stride}; xk += {terms * stride})"))
                {
                    WriteTerms("xk", null, stride, terms, positions, row);
                }
            }
        }
    }

    private static Extent TripOf(ReductionPart part, int depth, int extent) => new(extent, part.Loops.Count == 0 ? null : part.Loops[depth].Size);

    /// <summary>All terms along the innermost loop of the reduction, as many at once as each output has sums.</summary>
    private void WriteTermLoop(string source, long stride, Extent trip, int positions, TileRow row)
    {
        if (trip.IsDynamic)
        {
            WriteRunTimeTermLoop(source, stride, _writer.Value(trip), positions, row);
            return;
        }

        int extent = trip.Maximum;
        if (_simd.IsScalar)
        {
            WriteScalarTerms(source, stride, extent, positions, row);
            return;
        }

        int looped = extent / _tile.Split * _tile.Split;
        if (looped > 0)
        {
            using (_writer.For("k", looped, _tile.Split))
            {
                WriteTerms(source, extent == 1 ? null : "k", stride, _tile.Split, positions, row);
            }
        }

        if (extent > looped)
        {
            WriteTerms(Add(source, looped * stride), null, stride, extent - looped, positions, row);
        }
    }

    private void WriteRunTimeTermLoop(string source, long stride, string count, int positions, TileRow row)
    {
        using (_writer.Block())
        {
            _writer.Line("int k = 0;");
            foreach (int terms in new[] { _tile.Split, 1 }.Distinct())
            {
                using (_writer.Block($"for (; k <= {count} - {terms}; k += {terms})"))
                {
                    WriteTerms(source, "k", stride, terms, positions, row);
                }
            }
        }
    }

    /// <summary>Neighbouring terms of all sums of the tile, each a row of weights times one input element per position.</summary>
    private void WriteTerms(string source, string? loop, long stride, int terms, int positions, TileRow row)
    {
        for (int term = 0; term < terms; term++)
        {
            using (_writer.Block())
            {
                _terms.Write(source, loop, stride, term, positions, row);
                FetchAhead(term);
            }
        }

        _writer.Line($"wTile += {terms * _work.RowLength};");
    }
}
