using System;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <content>
/// Fetches the weights of the next tile of blocks, or those that the caller needs after them, into the second-level cache while one is
/// computed. A model's weights rarely stay there from one run to the next, and the processor's own prefetching begins anew with each panel
/// and each page: a product of 22 rows with weights that come from memory takes 1.4 times as long as with weights from the cache.
/// </content>
internal sealed partial class ContractionWriter
{
    // Fewer weights stay in the second-level cache together with those of the steps around.
    private const long LeastAheadBytes = 128 * 1024;

    // With more positions all weights of the next tile come while the first positions are computed, whoever asks for them.
    private const int MostAheadPositions = 512;

    /// <summary>True if the weights of one tile of blocks are read while others, which lie behind them, can be fetched.</summary>
    private bool FetchesAhead => !_simd.IsScalar
        && !_writer.IsCompact
        && _work is { Groups: 1, FewOutputs: 0, LaneInput: false, Codes: null, Packed: null, InputStarts: null, PanelHeader: 0, HasTapTable: false, Filtering: null }
        && _work.Weights is { Storage.Kind: StorageKind.Weights, Type: Ir.ElementType.Float32 }
        && _work.RowLength == Layout.BlockSize
        && (_work.FollowingBytes > 0 || _work.Blocks >= 2 * _tile.Blocks)
        && (long)_work.Rows * _work.Positions is > 1 and <= MostAheadPositions
        && Math.Max(_work.FollowingBytes, _work.Blocks * _work.PanelLength * sizeof(float)) >= LeastAheadBytes;

    /// <summary>Tiles that walk the same weights; 0 if the run decides.</summary>
    private int TilesOfWeights => _work.RowSize is not null || _work.PositionSize is not null || _work.PositionVariable is not null
        ? 0
        : _work.Rows * ((_work.Positions + _tile.Positions - 1) / _tile.Positions);

    /// <summary>Panels of which each tile fetches a line per term.</summary>
    private int PanelsAhead => TilesOfWeights == 0 ? _tile.Blocks : (_tile.Blocks + TilesOfWeights - 1) / TilesOfWeights;

    /// <summary>Declares how far ahead the present tile fetches, in floats: the first panels of the next tile of blocks.</summary>
    private void DeclareAhead()
    {
        if (FetchesAhead && TilesOfWeights != 1)
        {
            _writer.Line($"long ahead = {_tile.Blocks * _work.PanelLength};   // what the next tile of weights is fetched by");
        }
    }

    /// <summary>The next tile of positions fetches the next panels; when all have been fetched, lines that are at hand.</summary>
    private void MoveAhead()
    {
        if (FetchesAhead && TilesOfWeights != 1)
        {
            long step = PanelsAhead * _work.PanelLength;
            _writer.Line($"ahead = ahead == 0 || ahead >= {(2 * _tile.Blocks * _work.PanelLength) - step} ? 0 : ahead + {step};");
        }
    }

    /// <summary>Fetches the lines of a term.</summary>
    private void FetchAhead(int term)
    {
        if (!FetchesAhead)
        {
            return;
        }

        for (int panel = 0; panel < PanelsAhead; panel++)
        {
            long offset = (panel * _work.PanelLength) + (term * _work.RowLength);
            _writer.Line(TilesOfWeights == 1
                ? $"CacheHint.Ahead({Add("wTile", (_tile.Blocks * _work.PanelLength) + offset)});"
                : $"CacheHint.Ahead({Add("wTile + ahead", offset)});");
        }
    }
}
