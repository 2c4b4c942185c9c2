using System;

namespace AotCompiler.Planning;

/// <summary>A placement order, the in-place writes in use and what became of them.</summary>
internal sealed class PlacementCandidate
{
    private readonly ArenaProblem _problem;

    public PlacementCandidate(ArenaProblem problem)
    {
        _problem = problem;
        Order = new int[problem.Count];
        Offsets = new long[problem.Count];
        Chains = new InPlaceChains(problem);
    }

    /// <summary>Buffers in the order of placement.</summary>
    public int[] Order { get; }

    /// <summary>In-place writes in use.</summary>
    public InPlaceChains Chains { get; }

    /// <summary>Offset of each buffer in units.</summary>
    public long[] Offsets { get; }

    /// <summary>Units that the layout occupies.</summary>
    public long Height { get; set; } = long.MaxValue;

    /// <summary>Name of the strategy that made it.</summary>
    public string Strategy { get; set; } = "";

    /// <summary>Lower first; of equal heights, more in-place writes, which keep data in the cache.</summary>
    public bool IsBetterThan(PlacementCandidate other) => IsBetter(Height, Chains, other);

    /// <summary>Takes over a layout that is better than this one.</summary>
    public void ReplaceIfBetter(int[] order, InPlaceChains chains, long[] offsets, long height, string strategy)
    {
        if (IsBetter(height, chains, this))
        {
            order.CopyTo(Order, 0);
            offsets.CopyTo(Offsets, 0);
            Chains.CopyFrom(chains);
            Height = height;
            Strategy = strategy;
        }
    }

    /// <summary>A candidate of its own with the same content.</summary>
    public PlacementCandidate Copy()
    {
        var copy = new PlacementCandidate(_problem);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Makes this candidate equal to another one of the same problem.</summary>
    public void CopyFrom(PlacementCandidate other)
    {
        Array.Copy(other.Order, Order, Order.Length);
        Array.Copy(other.Offsets, Offsets, Offsets.Length);
        Chains.CopyFrom(other.Chains);
        Height = other.Height;
        Strategy = other.Strategy;
    }

    private static bool IsBetter(long height, InPlaceChains chains, PlacementCandidate other) =>
        height != other.Height ? height < other.Height : chains.Used > other.Chains.Used;
}
