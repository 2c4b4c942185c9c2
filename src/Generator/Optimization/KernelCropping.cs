using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Removes the outer taps of a convolution that read padding wherever the window stands: a dilation wider than the map, as in
/// spatial pyramids on small inputs, leaves only the middle of the kernel.
/// </summary>
internal sealed class KernelCropping : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!node.Is("Conv") || node.Required(1).Constant is not { } weights || weights.Type != ElementType.Float32 || node.Output.Shape.ElementCount == 0)
        {
            return false;
        }

        SpatialWindow window = SpatialWindow.Of(node, weights.Shape.Dimensions.Skip(2).ToArray());
        (int First, int End)[] live = Enumerable.Range(0, window.Rank).Select(d => LiveTaps(window, d)).ToArray();
        if (live.All(static l => l.First == 0) && live.Select((l, d) => l.End == window.Kernel[d]).All(static whole => whole))
        {
            return false;
        }

        long[] pads = live.Select((l, d) => (long)window.PadsBefore[d] - ((long)l.First * window.Dilations[d]))
            .Concat(live.Select((l, d) => PadAfter(window, d, l)))
            .ToArray();
        int[] counts = live.Select(static l => l.End - l.First).ToArray();
        Tensor cropped = FoldedWeights.Crop(weights, live.Select(static l => l.First).ToArray(), counts);
        node.Attributes.Remove("auto_pad");
        node.Attributes.Set("pads", pads);
        node.Attributes.Set("kernel_shape", counts.Select(static c => (long)c).ToArray());
        node.SetInput(1, rewriter.Constant(cropped, node.Required(1).Name));
        return true;
    }

    /// <summary>
    /// The taps that read the input at least once, or all taps if the rest could not be expressed: a window that starts inside the
    /// input would need negative padding, and at least one tap stays.
    /// </summary>
    private static (int First, int End) LiveTaps(SpatialWindow window, int dimension)
    {
        (int first, int end) = (window.Kernel[dimension], 0);
        for (int o = 0; o < window.Output[dimension]; o++)
        {
            (int inFirst, int inEnd) = window.Inside(dimension, o);
            if (inFirst < inEnd)
            {
                first = Math.Min(first, inFirst);
                end = Math.Max(end, inEnd);
            }
        }

        first = Math.Min(first, window.PadsBefore[dimension] / window.Dilations[dimension]);
        return first < end && PadAfter(window, dimension, (first, end)) >= 0 ? (first, end) : (0, window.Kernel[dimension]);
    }

    /// <summary>The padding behind the input that keeps the number of windows.</summary>
    private static long PadAfter(SpatialWindow window, int dimension, (int First, int End) live) =>
        window.PadsAfter[dimension] - ((long)(window.Kernel[dimension] - live.End) * window.Dilations[dimension]);
}
