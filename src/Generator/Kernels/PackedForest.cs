using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators.MachineLearning;

namespace AotCompiler.Kernels;

/// <summary>
/// Trees whose branches all compare in the same way, one element of memory per branch and leaf: a number, and behind it where the
/// walk goes on. The two children of a branch are neighbours, so that one address and one comparison decide; what a walk meets one after
/// the other lies in few cache lines. A leaf leads to itself by a feature that is NaN, with which no comparison holds: walks of
/// different length can go on together.
/// </summary>
/// <remarks>
/// A node's number is a branch's threshold, or what a leaf holds. Its information has from the lowest bit on the place of the first
/// child, the one where the comparison fails; whether NaN goes to the second, if that matters; and the feature, counted from the end of
/// the sample, where NaN stands: negative for branches, 0 for leaves.
/// </remarks>
internal sealed class PackedForest
{
    private const int LineBytes = 64;

    /// <summary>Walks of the same number of branches pay as long as that is not much more than trees need on average.</summary>
    private const double MaxWaste = 1.25;

    private readonly Tensor _modes;
    private readonly int[] _features;
    private readonly Tensor _thresholds;
    private readonly int[] _children;
    private readonly double _meanDepths;
    private readonly List<int> _placed = new();
    private readonly List<int> _firstChild = new();

    private PackedForest(IReadOnlyList<Tensor> tables, int features)
    {
        _modes = tables[1];
        _features = tables[2].AsSpan<int>().ToArray();
        _thresholds = tables[3];
        _children = tables[4].AsSpan<int>().ToArray();
        Features = features;
        TracksMissing = _modes.Bytes.ToArray().Any(static m => (m & ForestStep.MissingBit) != 0);
        Roots = Place(tables[0].AsSpan<int>().ToArray());
        ChildBits = BitsOf(_placed.Count);
        int[][] leaves = Roots.Select(r => LeafDepths(r).ToArray()).ToArray();
        Depths = leaves.Select(static d => d.Max()).ToArray();
        _meanDepths = leaves.Sum(static d => d.Average());
    }

    /// <summary>Features of a sample; behind them stands NaN.</summary>
    public int Features { get; }

    /// <summary>Bits of a node's information that say where its first child is.</summary>
    public int ChildBits { get; }

    /// <summary>Places of the trees' first nodes.</summary>
    public int[] Roots { get; }

    /// <summary>Branches on the longest walk of each tree.</summary>
    public int[] Depths { get; }

    /// <summary>The element type of samples and thresholds.</summary>
    public ElementType Type => _thresholds.Type;

    /// <summary>How branches compare.</summary>
    public BranchMode Mode => ForestStep.BranchOf(_modes.Bytes[0]);

    /// <summary>True if NaN goes to the second child in some branch.</summary>
    public bool TracksMissing { get; }

    /// <summary>Bits below the feature.</summary>
    public int FeatureShift => ChildBits + (TracksMissing ? 1 : 0);

    /// <summary>The forest in this form, or null if it has none.</summary>
    /// <param name="tables">Roots, modes, features, thresholds and children, as the step of other forests has them.</param>
    /// <param name="features">Features of a sample.</param>
    public static PackedForest? Of(IReadOnlyList<Tensor> tables, int features)
    {
        BranchMode[] modes = tables[1].Bytes.ToArray().Select(static m => ForestStep.BranchOf(m)).Distinct().ToArray();
        if (modes.Length > 1 || modes[0] is BranchMode.NotEqual or BranchMode.Member || tables[3].Type is not (ElementType.Float32 or ElementType.Float64))
        {
            return null;
        }

        var forest = new PackedForest(tables, features);
        return forest.FeatureShift + BitsOf(features) + 1 <= 32 ? forest : null;
    }

    /// <summary>The greatest depth in each group of trees that are walked together.</summary>
    public int[] GroupDepths(int together) => Enumerable.Range(0, (Roots.Length + together - 1) / together).Select(g => Depths.Skip(g * together).Take(together).Max()).ToArray();

    /// <summary>True if walks as long as the longest in their group are hardly longer than they have to be.</summary>
    public bool IsEven(int[] groupDepths, int together) =>
        Depths.Select((_, tree) => (double)groupDepths[tree / together]).Sum() <= MaxWaste * _meanDepths;

    /// <summary>All nodes: number and information, alternately.</summary>
    /// <param name="numberOfLeaf">What stands for a leaf in the place of a threshold, in the bytes of its type.</param>
    public Tensor Pack(Func<int, byte[]> numberOfLeaf)
    {
        int size = Type.Size();
        var bytes = new byte[_placed.Count * 2 * size];
        for (int at = 0; at < _placed.Count; at++)
        {
            int node = _placed[at];
            (node >= 0 ? _thresholds.Bytes.Slice(node * size, size).ToArray() : numberOfLeaf(~node)).CopyTo(bytes, 2 * at * size);
            int feature = node >= 0 ? _features[node] - Features : 0;
            uint missing = node >= 0 && (_modes.Bytes[node] & ForestStep.MissingBit) != 0 ? 1u : 0;
            uint information = (uint)_firstChild[at] | (missing << ChildBits) | unchecked((uint)(feature << FeatureShift));
            for (int i = 0; i < sizeof(uint); i++)
            {
                bytes[(((2 * at) + 1) * size) + i] = (byte)(information >> (8 * i));
            }
        }

        return Tensor.FromBytes(Type, new Shape(2 * _placed.Count), bytes, "forest");
    }

    /// <summary>
    /// Gives every node a place and returns those of the roots. Behind each pair of children come theirs, breadth first, as long as the
    /// cache line has room; the others begin where the next pair does.
    /// </summary>
    private int[] Place(int[] roots)
    {
        int line = LineBytes / (2 * Type.Size());
        var places = new int[roots.Length];
        for (int tree = 0; tree < roots.Length; tree += 2)
        {
            places[tree] = _placed.Count;
            int second = tree + 1 < roots.Length ? roots[tree + 1] : ~0;
            if (tree + 1 < roots.Length)
            {
                places[tree + 1] = _placed.Count + 1;
            }

            var later = new Stack<(int First, int Second, int Parent)>();
            var near = new Queue<(int First, int Second, int Parent)>();
            later.Push((roots[tree], second, -1));
            while (later.Count > 0)
            {
                near.Enqueue(later.Pop());
                while (near.Count > 0)
                {
                    PlacePair(near.Dequeue(), near);
                    if (_placed.Count % line == 0)
                    {
                        foreach ((int First, int Second, int Parent) pair in near.Reverse())
                        {
                            later.Push(pair);
                        }

                        near.Clear();
                    }
                }
            }
        }

        return places;
    }

    private void PlacePair((int First, int Second, int Parent) pair, Queue<(int First, int Second, int Parent)> near)
    {
        if (pair.Parent >= 0)
        {
            _firstChild[pair.Parent] = _placed.Count;
        }

        foreach (int node in new[] { pair.First, pair.Second })
        {
            int at = _placed.Count;
            _placed.Add(node);
            _firstChild.Add(at);
            if (node >= 0)
            {
                near.Enqueue((_children[2 * node], _children[(2 * node) + 1], at));
            }
        }
    }

    private IEnumerable<int> LeafDepths(int root)
    {
        var open = new Stack<(int At, int Depth)>();
        open.Push((root, 0));
        while (open.Count > 0)
        {
            (int at, int depth) = open.Pop();
            if (_firstChild[at] == at)
            {
                yield return depth;
                continue;
            }

            open.Push((_firstChild[at], depth + 1));
            open.Push((_firstChild[at] + 1, depth + 1));
        }
    }

    private static int BitsOf(int number)
    {
        int bits = 0;
        while (number >> bits > 0)
        {
            bits++;
        }

        return bits;
    }
}
