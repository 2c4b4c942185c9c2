using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Operators.Movement;

/// <summary>Consecutive targets whose sources form an arithmetic progression.</summary>
/// <param name="Target">First target.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="Source">Source of the first target.</param>
/// <param name="Step">Distance of the sources: 0 repeats one, negative reverses.</param>
internal readonly record struct IndexRun(int Target, int Count, int Source, int Step);

/// <summary>Finds order in index tables that are known at compile time, so that they become strided copies.</summary>
internal static class IndexRuns
{
    /// <summary>Splits a table (target → source) into runs, each as long as possible.</summary>
    public static IReadOnlyList<IndexRun> Of(IReadOnlyList<int> table)
    {
        var runs = new List<IndexRun>();
        for (int start = 0; start < table.Count;)
        {
            int end = start + 1;
            int step = end < table.Count ? table[end] - table[start] : 1;
            while (end < table.Count && table[end] - table[end - 1] == step)
            {
                end++;
            }

            // Two elements are a progression by chance; the second may begin a longer one.
            if (end - start == 2 && end < table.Count && step is not (0 or 1) && end + 1 < table.Count && table[end + 1] - table[end] == table[end] - table[end - 1])
            {
                end--;
            }

            runs.Add(new IndexRun(start, end - start, table[start], end - start == 1 ? 1 : step));
            start = end;
        }

        return runs;
    }

    /// <summary>The single run that covers the whole table, or null.</summary>
    public static IndexRun? Single(IReadOnlyList<int> table) => Of(table) is { Count: 1 } runs ? runs.First() : null;
}
