using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// A Pad of spatial dimensions becomes padding of the window operator behind it where that pads with the same value:
/// zero for Conv and for an average that counts padding, minus infinity for MaxPool.
/// </summary>
internal sealed class PadFolding : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Input(0)?.MakerOf("Pad") is not { } pad || !Accepts(node, pad) || SpatialPads(pad) is not { } added)
        {
            return false;
        }

        int rank = node.Required(0).Shape.Rank - 2;
        bool explicitly = node.Attributes.String("auto_pad", "NOTSET") != "VALID";
        long[] own = (explicitly ? node.Attributes.Ints("pads") : null) ?? new long[2 * rank];
        long[] pads = own.Select((p, i) => p + added[i]).ToArray();
        if (!node.Is("Conv") && SpatialWindow.KernelShape(node).Where((k, i) => pads[i] >= k || pads[i + rank] >= k).Any())
        {
            // A window of pools must not lie in the padding as a whole.
            return false;
        }

        node.Attributes.Remove("auto_pad");
        node.Attributes.Set("pads", pads);
        if (node.Is("AveragePool"))
        {
            node.Attributes.Set("count_include_pad", 1L);
        }

        node.SetInput(0, pad.Input(0));
        return true;
    }

    private static bool Accepts(Node node, Node pad)
    {
        if (node.Attributes.String("auto_pad", "NOTSET") is not ("NOTSET" or "VALID" or "") || pad.Attributes.String("mode", "constant") != "constant")
        {
            return false;
        }

        double value = 0;
        if (pad.Input(2) is { } given && !given.TryScalar(out value))
        {
            return false;
        }

        return node.Is("Conv") ? value == 0
            : node.Is("MaxPool") ? value <= -float.MaxValue && node.Outputs.Count == 1 && !node.Attributes.Flag("ceil_mode", false)
            : node.Is("AveragePool") && value == 0 && CountsPadding(node);
    }

    /// <summary>Padding counts already, or there is none yet, so that counting it changes nothing.</summary>
    private static bool CountsPadding(Node pool) => !pool.Attributes.Flag("ceil_mode", false)
        && (pool.Attributes.Flag("count_include_pad", false) || (pool.Attributes.Ints("pads") ?? System.Array.Empty<long>()).All(static p => p == 0));

    /// <summary>Padding before and behind the spatial dimensions; null if other dimensions are padded or something is cut off.</summary>
    private static long[]? SpatialPads(Node pad)
    {
        int rank = pad.Required(0).Shape.Rank;
        if (rank < 3 || pad.Input(1)?.Constant is not { } constant || pad.Input(3) is { IsConstant: false })
        {
            return null;
        }

        long[] pads = constant.ToInt64Array();
        IReadOnlyList<int> axes = pad.Input(3)?.Constant is { } list
            ? list.ToInt64Array().Select(a => (int)(a < 0 ? a + rank : a)).ToArray()
            : Enumerable.Range(0, rank).ToArray();
        var full = new long[2 * rank];
        for (int i = 0; i < axes.Count; i++)
        {
            full[axes[i]] = pads[i];
            full[rank + axes[i]] = pads[axes.Count + i];
        }

        bool spatial = full[0] == 0 && full[1] == 0 && full[rank] == 0 && full[rank + 1] == 0;
        return spatial && full.All(static p => p >= 0) ? full.Skip(2).Take(rank - 2).Concat(full.Skip(rank + 2)).ToArray() : null;
    }
}
