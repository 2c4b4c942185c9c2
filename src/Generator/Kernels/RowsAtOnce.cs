using System;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>Loops over rows, two at once, which hide each other's latency, and one that may be left.</summary>
internal static class RowsAtOnce
{
    private const int Most = 2;

    /// <summary>Writes the loops.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="row">Name of the variable that holds the first row.</param>
    /// <param name="count">Number of rows, if the run decides; else null.</param>
    /// <param name="rows">Number of rows otherwise.</param>
    /// <param name="body">Writes the work on so many rows.</param>
    public static void Emit(StepWriter writer, string row, string? count, int rows, Action<int> body)
    {
        if (count is not null)
        {
            EmitRunTime(writer, row, count, body);
            return;
        }

        int paired = rows / Most * Most;
        if (paired > 0)
        {
            using (writer.For(row, paired, Most))
            {
                body(Most);
            }
        }

        if (rows > paired)
        {
            using (writer.For(row, rows, 1, paired))
            {
                body(1);
            }
        }
    }

    private static void EmitRunTime(StepWriter writer, string row, string count, Action<int> body)
    {
        using (writer.Block())
        {
            writer.Line($"int {row} = 0;");
            foreach (int rows in new[] { Most, 1 })
            {
                using (writer.Block($"for (; {row} <= {count} - {rows}; {row} += {rows})"))
                {
                    body(rows);
                }
            }
        }
    }
}
