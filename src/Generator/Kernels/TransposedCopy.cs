using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>
/// Copies whose source is contiguous along one loop and whose target along another: matrix transposition, and channels into and out of
/// blocks. Tiles are transposed in registers; tiles at the end overlap their neighbours instead of being smaller.
/// </summary>
internal static class TransposedCopy
{
    /// <summary>Fewer columns than a tile's, as the colours of an image: a tile's are read of each row, the next rows' first ones among them.</summary>
    private const int LeastColumns = 2;

    /// <summary>Columns that are done for all rows before the next, so that few memory pages are in use at a time.</summary>
    private const int BlockColumns = 64;

    /// <summary>The loops that are contiguous in the source and in the target, or null if tiles do not apply.</summary>
    /// <param name="nest">Loops of source (operand 0) and target (operand 1).</param>
    /// <param name="type">Type of the elements.</param>
    public static TileLoops? Find(LoopNest nest, ElementType type)
    {
        int column = Array.FindIndex(nest.Strides[0], static s => s == 1);
        int row = Array.FindIndex(nest.Strides[1], static s => s == 1);
        var tile = new TileLoops(column, row, Simd.V128.Bits / (8 * type.Size()));
        bool tiled = column >= 0 && row >= 0 && column != row && nest.Extents[row] >= tile.Columns
            && (nest.Extents[column] >= tile.Columns || IsNarrow(nest, tile));
        return tiled ? tile : null;
    }

    /// <summary>Rows of a few columns, each behind the other, so that what is read too much are elements of other rows.</summary>
    private static bool IsNarrow(LoopNest nest, TileLoops tile) =>
        nest.Extents[tile.Column] >= LeastColumns
        && !nest.Trips[tile.Column].IsDynamic
        && !nest.Trips[tile.Row].IsDynamic
        && nest.Strides[0][tile.Row] >= nest.Extents[tile.Column];

    /// <summary>Writes the copy.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="nest">The loops.</param>
    /// <param name="tile">What <see cref="Find"/> gave.</param>
    /// <param name="pointers">Names and C# types of the pointers to source and target.</param>
    /// <param name="firstUnit">Number of the first of the <see cref="Units"/> in the step's parallel extent.</param>
    /// <param name="otherwise">Writes the copy without tiles, where extents that are known only at run time may be too small for one.</param>
    public static void Emit(StepWriter writer, LoopNest nest, TileLoops tile, IReadOnlyList<(string Name, string Type)> pointers, int firstUnit, Action otherwise)
    {
        if (!nest.Trips[tile.Column].IsDynamic && !nest.Trips[tile.Row].IsDynamic)
        {
            EmitPlanes(writer, nest, tile, pointers, firstUnit);
            return;
        }

        int rows = tile.Rows(Width(writer, nest, tile));
        using (writer.Block($"if ({writer.Value(nest.Trips[tile.Column])} >= {tile.Columns} && {writer.Value(nest.Trips[tile.Row])} >= {rows})"))
        {
            EmitPlanes(writer, nest, tile, pointers, firstUnit);
        }

        using (writer.Block("else"))
        {
            otherwise();
        }
    }

    private static void EmitPlanes(StepWriter writer, LoopNest nest, TileLoops tile, IReadOnlyList<(string Name, string Type)> pointers, int firstUnit) =>
        nest.Without(tile.Column, tile.Row).EmitAll(writer, pointers, planes => EmitPlane(writer, nest, tile, planes[0], planes[1], firstUnit));

    /// <summary>The widest register that a tile's rows fill; of a number that is known only at run time the narrowest, which fits most.</summary>
    private static Simd Width(StepWriter writer, LoopNest nest, TileLoops tile)
    {
        Simd simd = nest.Trips[tile.Row].IsDynamic && !writer.Simd.IsScalar ? Simd.V128 : writer.Simd;
        while (tile.Rows(simd) > nest.Extents[tile.Row])
        {
            simd = simd.Narrower;
        }

        return simd;
    }

    /// <summary>Units that threads can share: tiles side by side, or blocks of them. Where tiles overlap, both write the same values.</summary>
    public static int Units(LoopNest nest, TileLoops tile)
    {
        int columns = nest.Extents[tile.Column];
        int size = IsBlocked(nest, tile) ? BlockColumns : tile.Columns;
        return (columns + size - 1) / size;
    }

    private static bool IsBlocked(LoopNest nest, TileLoops tile) =>
        nest.Extents[tile.Column] > 2 * BlockColumns && nest.Extents[tile.Row] > BlockColumns;

    private static void EmitPlane(StepWriter writer, LoopNest nest, TileLoops tile, string source, string target, int firstUnit)
    {
        int columns = nest.Extents[tile.Column];
        Simd simd = Width(writer, nest, tile);
        string end = writer.Value(nest.Trips[tile.Column]);
        if (columns < tile.Columns)
        {
            using (writer.ForTiles("column", 0, columns, tile.Columns, firstUnit))
            {
                EmitColours(writer, nest, tile, simd, source, target);
            }

            return;
        }

        if (!IsBlocked(nest, tile))
        {
            EmitTiles(writer, nest, tile, simd, source, target, () => writer.IsShared
                ? writer.ForTiles("column", 0, columns, tile.Columns, firstUnit)
                : writer.Block($"for (int column = 0; column < {end}; column += {tile.Columns})"));
            return;
        }

        using (nest.Trips[tile.Column].IsDynamic
            ? writer.Block($"for (int block = 0; block < {end}; block += {BlockColumns})")
            : writer.ForTiles("block", 0, columns, BlockColumns, firstUnit))
        {
            writer.Line($"int columnStop = block + {BlockColumns} < {end} ? block + {BlockColumns} : {end};");
            EmitTiles(writer, nest, tile, simd, source, target, () => writer.Block($"for (int column = block; column < columnStop; column += {tile.Columns})"));
        }
    }

    private static void EmitTiles(StepWriter writer, LoopNest nest, TileLoops tile, Simd simd, string source, string target, Func<CodeWriter.Scope> openColumns)
    {
        long rowStride = nest.Strides[0][tile.Row];
        long columnStride = nest.Strides[1][tile.Column];
        int rows = tile.Rows(simd);
        using (writer.Block($"for (int row = 0; row < {writer.Value(nest.Trips[tile.Row])}; row += {rows})"))
        {
            string row = Clamp(writer, "row", "r", nest.Trips[tile.Row], rows);
            using (openColumns())
            {
                string column = Clamp(writer, "column", "c", nest.Trips[tile.Column], tile.Columns);
                writer.Line($"{TileClass(simd)}.Transpose({source} + ({row} * {rowStride}L) + {column}, {rowStride}, {target} + ({column} * {columnStride}L) + {row}, {columnStride});");
            }
        }
    }

    /// <summary>Few columns: the last rows, behind which there may be nothing to read, are never part of a tile.</summary>
    private static void EmitColours(StepWriter writer, LoopNest nest, TileLoops tile, Simd simd, string source, string target)
    {
        int columns = nest.Extents[tile.Column];
        int rows = nest.Extents[tile.Row];
        long rowStride = nest.Strides[0][tile.Row];
        long columnStride = nest.Strides[1][tile.Column];
        int last = (int)((tile.Columns - columns + rowStride - 1) / rowStride);
        int tiled = simd.IsScalar ? 0 : Math.Max(rows - last, 0) / tile.Rows(simd) * tile.Rows(simd);
        if (tiled > 0)
        {
            using (writer.Block($"for (int row = 0; row < {tiled}; row += {tile.Rows(simd)})"))
            {
                writer.Line($"{TileClass(simd)}.Transpose({source} + (row * {rowStride}L), {rowStride}, {target} + row, {columnStride}, {columns});");
            }
        }

        using (writer.Block($"for (int row = {tiled}; row < {rows}; row++)"))
        {
            for (int column = 0; column < columns; column++)
            {
                writer.Line($"{target}[row + {column * columnStride}L] = {source}[(row * {rowStride}L) + {column}];");
            }
        }
    }

    private static string TileClass(Simd simd) => simd.IsScalar ? "ScalarTile" : $"{simd.Class}Tile";

    /// <summary>The start of a tile: moved back where the tile would reach over the end.</summary>
    private static string Clamp(StepWriter writer, string variable, string wanted, Extent extent, int size)
    {
        if (!extent.IsDynamic && extent.Maximum % size == 0)
        {
            return variable;
        }

        string last = extent.IsDynamic ? $"{writer.Value(extent)} - {size}" : $"{extent.Maximum - size}";
        writer.Line($"int {wanted} = {variable} < {last} ? {variable} : {last};");
        return wanted;
    }

    /// <summary>The loops that tiles walk.</summary>
    /// <param name="Column">The loop that is contiguous in the source.</param>
    /// <param name="Row">The loop that is contiguous in the target.</param>
    /// <param name="Columns">Columns of a tile: elements of 128 bits.</param>
    internal sealed record TileLoops(int Column, int Row, int Columns)
    {
        /// <summary>Rows of a tile: elements of a register.</summary>
        public int Rows(Simd simd) => simd.IsScalar ? 1 : Columns * (simd.Bits / Simd.V128.Bits);
    }
}
