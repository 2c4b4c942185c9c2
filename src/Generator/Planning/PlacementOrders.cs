using System.Collections.Generic;

namespace AotCompiler.Planning;

/// <summary>The orders in which the constructive strategies place buffers.</summary>
internal static class PlacementOrders
{
    /// <summary>Largest first; of equal ones, the longest-lived first.</summary>
    public static int[] BySize(ArenaProblem problem) => problem.SortedBy((a, b) =>
        problem.Units[a] != problem.Units[b]
            ? problem.Units[b].CompareTo(problem.Units[a])
            : Lifetime(problem, b).CompareTo(Lifetime(problem, a)));

    /// <summary>Largest product of size and lifetime first.</summary>
    public static int[] ByArea(ArenaProblem problem)
    {
        // A size below 2^57 units times a lifetime of up to 2^32 steps fits decimal's 96 bits exactly.
        var area = new decimal[problem.Count];
        for (var i = 0; i < area.Length; i++)
        {
            area[i] = (decimal)problem.Units[i] * Lifetime(problem, i);
        }

        return problem.SortedBy((a, b) => area[b].CompareTo(area[a]));
    }

    /// <summary>Longest-lived first; of equal ones, the largest first.</summary>
    public static int[] ByLifetime(ArenaProblem problem) => problem.SortedBy((a, b) =>
        Lifetime(problem, a) != Lifetime(problem, b)
            ? Lifetime(problem, b).CompareTo(Lifetime(problem, a))
            : problem.Units[b].CompareTo(problem.Units[a]));

    /// <summary>The steps with most live bytes first, the buffers live in a step by size.</summary>
    /// <remarks>Greedy by breadth in Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020.</remarks>
    public static int[] ByBreadth(ArenaProblem problem)
    {
        var steps = new List<(int Step, long LiveUnits)>(problem.LiveAtStarts);
        steps.Sort((a, b) => a.LiveUnits != b.LiveUnits ? b.LiveUnits.CompareTo(a.LiveUnits) : a.Step.CompareTo(b.Step));
        var bySize = BySize(problem);
        var order = new List<int>(problem.Count);
        var taken = new bool[problem.Count];
        foreach (var (step, _) in steps)
        {
            foreach (var buffer in bySize)
            {
                if (!taken[buffer] && problem.First[buffer] <= step && step <= problem.Last[buffer])
                {
                    taken[buffer] = true;
                    order.Add(buffer);
                }
            }
        }

        return order.ToArray();
    }

    private static long Lifetime(ArenaProblem problem, int buffer) => (long)problem.Last[buffer] - problem.First[buffer] + 1;
}
