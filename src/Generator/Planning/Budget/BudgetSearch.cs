using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Planning;

/// <summary>Finds the ways to compute all nodes that take least memory, or least time within a budget, by dynamic programming over the nodes in order.</summary>
internal static class BudgetSearch
{
    /// <summary>The smallest memory in which all nodes can be computed in this order, in bytes, before buffers have places.</summary>
    public static long LeastBytes(BudgetProblem problem)
    {
        var best = new long[problem.Units + 1];
        for (int end = 1; end <= problem.Units; end++)
        {
            best[end] = long.MaxValue;
            foreach (UnitChoice choice in problem.ChoicesEndingAt(end, long.MaxValue, onlyNeeded: false, leastMemory: true))
            {
                best[end] = Math.Min(best[end], Math.Max(best[choice.First], choice.Bytes));
            }
        }

        return best[problem.Units];
    }

    /// <summary>The ways that take least time within the memory, in order; null if there are none.</summary>
    /// <param name="problem">The nodes.</param>
    /// <param name="bytes">Bytes that may be live at once.</param>
    public static IReadOnlyList<UnitChoice>? Solve(BudgetProblem problem, long bytes)
    {
        var time = new long[problem.Units + 1];
        var last = new UnitChoice?[problem.Units + 1];
        for (int end = 1; end <= problem.Units; end++)
        {
            time[end] = long.MaxValue;
            foreach (UnitChoice choice in problem.ChoicesEndingAt(end, bytes, onlyNeeded: true, leastMemory: false))
            {
                if (time[choice.First] != long.MaxValue && time[choice.First] + choice.Nanoseconds < time[end])
                {
                    time[end] = time[choice.First] + choice.Nanoseconds;
                    last[end] = choice;
                }
            }
        }

        if (time[problem.Units] == long.MaxValue)
        {
            return null;
        }

        var path = new List<UnitChoice>();
        for (int end = problem.Units; end > 0; end = path[path.Count - 1].First)
        {
            path.Add(last[end]!);
        }

        return Enumerable.Reverse(path).ToArray();
    }
}
