using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Adds random operators on maps: convolutions, pooling, resampling.</summary>
internal static class RandomWindows
{
    private static readonly int[] _kernels = [1, 1, 2, 3, 3, 5];

    public static (string[] Results, bool Exact) Convolve(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank >= 3) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        int channels = x.Shape[1];
        int[] divisors = Enumerable.Range(1, Math.Max(1, channels)).Where(d => channels % d == 0).ToArray();
        int group = g.Random.Next(3) == 0 ? divisors[g.Random.Next(divisors.Length)] : g.Random.Next(4) == 0 ? Math.Max(1, channels) : 1;
        int outputs = group == 1 ? RandomShapes.Channels(g.Random) : group * g.Random.Next(1, 3);
        int[] kernel = Kernel(g, x);
        string weight = g.Weight([outputs, channels / group, .. kernel]);
        string[] inputs = g.Random.Next(2) == 0 ? [x.Name, weight] : [x.Name, weight, g.Weight(outputs)];
        return ([g.Node("Conv", inputs, [("group", group), .. Window(g, kernel, dilate: true)])], false);
    }

    public static (string[] Results, bool Exact) Transposed(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank is >= 3 and <= 4) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        int channels = x.Shape[1];
        int group = g.Random.Next(3) == 0 ? Math.Max(1, channels) : 1;
        int[] kernel = Kernel(g, x);
        int perGroup = group == 1 ? RandomShapes.Channels(g.Random) : g.Random.Next(1, 3);
        string weight = g.Weight([channels, perGroup, .. kernel]);
        return ([g.Node("ConvTranspose", [x.Name, weight, g.Weight(group * perGroup)], [("group", group), .. Window(g, kernel, dilate: true)])], false);
    }

    public static (string[] Results, bool Exact) Pool(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank >= 3) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        int[] kernel = Kernel(g, x);
        bool max = g.Random.Next(2) == 0;
        (string, object)[] window = [("kernel_shape", kernel), ("ceil_mode", g.Random.Next(2)), .. Window(g, kernel, dilate: max)];
        return max
            ? ([g.Node("MaxPool", [x.Name], window)], x.Exact)
            : ([g.Node("AveragePool", [x.Name], [.. window, ("count_include_pad", g.Random.Next(2))])], false);
    }

    public static (string[] Results, bool Exact) GlobalPool(RandomGraph g) => g.Pick(static v => v.IsFloat && v.Rank >= 3) is { } x
        ? g.Random.Next(2) == 0 ? ([g.Node("GlobalMaxPool", [x.Name])], x.Exact) : ([g.Node("GlobalAveragePool", [x.Name])], false)
        : RandomNodes.Nothing;

    public static (string[] Results, bool Exact) Resize(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank is >= 3 and <= 4) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        float[] scales = Enumerable.Range(0, x.Rank).Select(i => i < 2 ? 1f : g.Random.Next(4) == 0 ? 0.5f : 2f).ToArray();
        string[] inputs = [x.Name, string.Empty, g.Floats([x.Rank], scales)];
        return g.Random.Next(2) == 0
            ? ([g.Node("Resize", inputs, ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"))], x.Exact)
            : ([g.Node("Resize", inputs, ("mode", "linear"))], false);
    }

    public static (string[] Results, bool Exact) DepthSpace(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank == 4 && (v.Shape[1] % 4 == 0 || (v.Shape[2] % 2 == 0 && v.Shape[3] % 2 == 0))) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        return x.Shape[1] % 4 == 0
            ? ([g.Node("DepthToSpace", [x.Name], ("blocksize", 2), ("mode", g.Random.Next(2) == 0 ? "DCR" : "CRD"))], x.Exact)
            : ([g.Node("SpaceToDepth", [x.Name], ("blocksize", 2))], x.Exact);
    }

    private static int[] Kernel(RandomGraph g, GraphValue x) => Enumerable.Range(0, x.Rank - 2).Select(_ => _kernels[g.Random.Next(_kernels.Length)]).ToArray();

    private static (string Name, object Value)[] Window(RandomGraph g, int[] kernel, bool dilate)
    {
        int n = kernel.Length;
        int[] strides = Enumerable.Range(0, n).Select(_ => g.Random.Next(3) == 0 ? g.Random.Next(1, 4) : 1).ToArray();
        int[] dilations = Enumerable.Range(0, n).Select(_ => dilate && g.Random.Next(6) == 0 ? g.Random.Next(1, 4) : 1).ToArray();
        if (g.Random.Next(6) == 0)
        {
            return [("strides", strides), ("auto_pad", g.Random.Next(2) == 0 ? "SAME_UPPER" : "SAME_LOWER")];
        }

        // Pads below the kernel's size, as pooling demands.
        int[] pads = Enumerable.Range(0, 2 * n).Select(i => g.Random.Next(3) == 0 ? g.Random.Next(kernel[i % n]) : kernel[i % n] / 2).ToArray();
        return [("strides", strides), ("dilations", dilations), ("pads", pads)];
    }
}
