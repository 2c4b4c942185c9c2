using System;
using System.Collections.Generic;

namespace AotCompiler.Planning;

/// <summary>Gives every buffer an offset in one arena so that no two buffers live in the same step overlap.</summary>
/// <remarks>
/// Dynamic storage allocation with known lifetimes, NP-hard: several constructive strategies compete, then a local search
/// improves the best of them until it meets the lower bound or has used up its fixed amount of work. The result is a function
/// of the arguments alone: no clock, no hash order, no floating point, no randomness from outside.
/// </remarks>
internal static class ArenaPlanner
{
    /// <summary>Alignment of every offset and granularity of every size, in bytes: a cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    private const int MaxSkylineBuffers = 2_000;

    private static readonly (string Name, Func<ArenaProblem, int[]> MakeOrder)[] Orders =
    {
        ("greedy by size", PlacementOrders.BySize),
        ("by first step", problem => problem.SortedByFirst()),
        ("greedy by lifetime x size", PlacementOrders.ByArea),
        ("greedy by breadth", PlacementOrders.ByBreadth),
        ("greedy by lifetime", PlacementOrders.ByLifetime),
    };

    /// <summary>Plans the arena.</summary>
    /// <param name="requests">Buffers with their sizes and live intervals; ids are unique.</param>
    /// <param name="permissions">In-place writes that are allowed; the planner chooses which of them to use.</param>
    /// <exception cref="ArgumentException">The arguments contradict themselves: an error of the caller.</exception>
    public static ArenaLayout Plan(IReadOnlyList<ArenaRequest> requests, IReadOnlyList<InPlacePermission> permissions)
    {
        var problem = ArenaProblem.Create(requests, permissions, Alignment);
        var (chains, bound) = InPlaceMatching.Solve(problem);
        var best = problem.Overlaps is null
            ? TimelineAllocator.Place(problem)
            : PlaceInOrders(problem, problem.Overlaps, chains, bound);
        return ToLayout(problem, best, bound, requests.Count, permissions);
    }

    /// <summary>Rounds a size in bytes up to <see cref="Alignment"/>.</summary>
    public static long RoundUp(long bytes) => checked(bytes + Alignment - 1) / Alignment * Alignment;

    private static PlacementCandidate PlaceInOrders(ArenaProblem problem, int[][] overlaps, InPlaceChains chains, long bound)
    {
        var placer = new ArenaPlacer(problem, overlaps);
        var best = new PlacementCandidate(problem) { Strategy = "empty", Height = problem.Count == 0 ? 0 : long.MaxValue };
        var choices = InPlaceChoices(problem, chains, bound);
        var skyline = problem.Count <= MaxSkylineBuffers ? new SkylinePlacer(problem) : null;
        foreach (var (name, makeOrder) in Orders)
        {
            var order = makeOrder(problem);
            foreach (var (suffix, choice) in choices)
            {
                if (best.Height > bound)
                {
                    TryPlacements(order, choice, name, suffix, placer, skyline, best);
                }
            }
        }

        var constructed = best.Strategy;
        if (best.Height > bound && new PlacementSearch(problem, placer, best).Run(bound))
        {
            best.Strategy = "local search from " + constructed;
        }

        return best;
    }

    /// <summary>Which in-place writes to try: each one can lower the bound of its step, and ties two buffers to one offset.</summary>
    private static List<(string Suffix, InPlaceChains Chains)> InPlaceChoices(ArenaProblem problem, InPlaceChains all, long bound)
    {
        var choices = new List<(string, InPlaceChains)> { ("", all) };
        if (all.Used > 0)
        {
            choices.Add((", in place where needed", InPlaceMatching.OnlyNeeded(problem, all, bound)));
            choices.Add((", in place at the highest steps", InPlaceMatching.OnlyNeeded(problem, all, bound + (bound / 40))));
        }

        return choices;
    }

    private static void TryPlacements(
        int[] order,
        InPlaceChains chains,
        string name,
        string suffix,
        ArenaPlacer placer,
        SkylinePlacer? skyline,
        PlacementCandidate best)
    {
        var height = placer.Place(order, chains, PlacementFit.Best, best.Height);
        best.ReplaceIfBetter(order, chains, placer.Offsets, height, name + ", best fit" + suffix);
        height = placer.Place(order, chains, PlacementFit.First, best.Height);
        best.ReplaceIfBetter(order, chains, placer.Offsets, height, name + ", first fit" + suffix);
        if (skyline is not null)
        {
            height = skyline.Place(order, chains);
            best.ReplaceIfBetter(order, chains, skyline.Offsets, height, name + ", skyline" + suffix);
        }
    }

    private static ArenaLayout ToLayout(
        ArenaProblem problem,
        PlacementCandidate placement,
        long boundUnits,
        int requestCount,
        IReadOnlyList<InPlacePermission> permissions)
    {
        var offsets = new long[requestCount];
        for (var i = 0; i < problem.Count; i++)
        {
            offsets[problem.RequestOf[i]] = placement.Offsets[i] * Alignment;
        }

        var used = new List<InPlacePermission>();
        for (var edge = 0; edge < problem.Edges.Length; edge++)
        {
            if (placement.Chains.Uses(edge))
            {
                used.Add(permissions[problem.Edges[edge].Permission]);
            }
        }

        return new ArenaLayout(
            offsets,
            placement.Height * Alignment,
            problem.TotalUnits * Alignment,
            boundUnits * Alignment,
            placement.Strategy,
            used);
    }
}
