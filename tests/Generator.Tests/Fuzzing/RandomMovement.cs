using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Adds random operators that only move elements.</summary>
internal static class RandomMovement
{
    public static (string[] Results, bool Exact) Transpose(RandomGraph g)
    {
        if (g.Pick(static v => v.Rank >= 2) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        int[] order = Enumerable.Range(0, x.Rank).ToArray();
        g.Random.Shuffle(order);
        return ([g.Node("Transpose", [x.Name], ("perm", order))], x.Exact);
    }

    public static (string[] Results, bool Exact) Reshape(RandomGraph g)
    {
        if (g.Pick(static v => v.Shape.ElementCount > 0) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        if (g.Random.Next(4) == 0 && x.Rank > 0)
        {
            return ([g.Node("Flatten", [x.Name], ("axis", g.Random.Next(0, x.Rank + 1)))], x.Exact);
        }

        long[] shape = x.Shape.Dimensions.Select(static d => (long)d).ToArray();
        switch (g.Random.Next(4))
        {
            case 0:
                shape = [-1];
                break;
            case 1 when x.Rank >= 2:
                int at = g.Random.Next(x.Rank - 1);
                shape = [.. shape[..at], shape[at] * shape[at + 1], .. shape[(at + 2)..]];
                break;
            case 2 when x.Rank >= 1 && shape[^1] % 2 == 0:
                shape = [.. shape[..^1], shape[^1] / 2, 2];
                break;
            default:
                Array.Reverse(shape);
                break;
        }

        return ([g.Node("Reshape", [x.Name, g.Ints(shape)])], x.Exact);
    }

    public static (string[] Results, bool Exact) Concat(RandomGraph g)
    {
        if (g.Pick(static v => v.Rank >= 1) is not { } a)
        {
            return RandomNodes.Nothing;
        }

        int axis = g.Random.Next(a.Rank);
        GraphValue b = g.Pick(v => v.Type == a.Type && v.Rank == a.Rank && v.Shape.With(axis, 1).Equals(a.Shape.With(axis, 1))) ?? a;
        string[] inputs = g.Random.Next(3) switch
        {
            0 => [b.Name, a.Name],
            1 when a.IsFloat => [a.Name, g.Weight(a.Shape.With(axis, g.Random.Next(1, 4)).ToArray()), b.Name],
            _ => [a.Name, b.Name, a.Name],
        };
        return ([g.Node("Concat", inputs, ("axis", axis - (g.Random.Next(2) == 0 ? a.Rank : 0)))], a.Exact && b.Exact);
    }

    public static (string[] Results, bool Exact) Split(RandomGraph g)
    {
        if (g.Pick(static v => v.Rank >= 1) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        int axis = g.Random.Next(x.Rank);
        int parts = g.Random.Next(1, 4);
        if (g.Random.Next(2) == 0)
        {
            return (g.Node("Split", [x.Name], parts, ("axis", axis), ("num_outputs", parts)), x.Exact);
        }

        int first = g.Random.Next(x.Shape[axis] + 1);
        return (g.Node("Split", [x.Name, g.Ints(first, x.Shape[axis] - first)], 2, ("axis", axis)), x.Exact);
    }

    public static (string[] Results, bool Exact) Slice(RandomGraph g)
    {
        if (g.Pick(static v => v.Rank >= 1) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        int axis = g.Random.Next(x.Rank);
        long step = g.Random.Next(5) switch { 0 => -1, 1 => 2, 2 => -2, _ => 1 };
        long start = g.Random.Next(x.Shape[axis] + 1);
        long end = step < 0 ? (g.Random.Next(2) == 0 ? long.MinValue : 0) : g.Random.Next(2) == 0 ? int.MaxValue : x.Shape[axis] - 1;
        return ([g.Node("Slice", [x.Name, g.Ints(start), g.Ints(end), g.Ints(axis), g.Ints(step)])], x.Exact);
    }

    public static (string[] Results, bool Exact) Pad(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank >= 1) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        long[] pads = Enumerable.Range(0, 2 * x.Rank).Select(_ => g.Random.Next(3) == 0 ? g.Random.Next(-1, 4) : 0L).ToArray();
        string mode = g.Random.Next(4) switch { 0 => "reflect", 1 => "edge", _ => "constant" };
        return ([g.Node("Pad", [x.Name, g.Ints(pads)], ("mode", mode))], x.Exact);
    }

    public static (string[] Results, bool Exact) Tile(RandomGraph g) => g.Pick(static v => v.Rank >= 1) is { } x
        ? ([g.Node("Tile", [x.Name, g.Ints(Enumerable.Range(0, x.Rank).Select(_ => g.Random.Next(3) == 0 ? 2L : 1L).ToArray())])], x.Exact)
        : RandomNodes.Nothing;

    public static (string[] Results, bool Exact) Expand(RandomGraph g) => g.Pick(static _ => true) is { } x
        ? ([g.Node("Expand", [x.Name, g.Ints([g.Random.Next(1, 4), .. x.Shape.Dimensions.Select(d => d == 1 ? g.Random.Next(1, 6) : (long)d)])])], x.Exact)
        : RandomNodes.Nothing;

    public static (string[] Results, bool Exact) Gather(RandomGraph g)
    {
        if (g.Pick(static v => v.Rank >= 1 && v.Shape.ElementCount > 0) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        int axis = g.Random.Next(x.Rank);
        int size = x.Shape[axis];
        long[] indexes = Enumerable.Range(0, g.Random.Next(1, 5)).Select(_ => (long)g.Random.Next(-size, size)).ToArray();
        return ([g.Node("Gather", [x.Name, g.Ints(indexes)], ("axis", axis))], x.Exact);
    }

    public static (string[] Results, bool Exact) Squeeze(RandomGraph g)
    {
        if (g.Pick(static _ => true) is not { } x)
        {
            return RandomNodes.Nothing;
        }

        long[] ones = Enumerable.Range(0, x.Rank).Where(i => x.Shape[i] == 1).Select(static i => (long)i).ToArray();
        return ones.Length > 0 && g.Random.Next(2) == 0
            ? ([g.Node("Squeeze", [x.Name, g.Ints(ones[g.Random.Next(ones.Length)])])], x.Exact)
            : ([g.Node("Unsqueeze", [x.Name, g.Ints(g.Random.Next(x.Rank + 1))])], x.Exact);
    }
}
