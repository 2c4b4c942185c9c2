using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler.Printing;

namespace AotCompiler.Cli.Reports;

/// <summary>A picture of the arena over time: a column per step, a row per slice of the arena, a letter per buffer.</summary>
internal static class MemoryMap
{
    private const int MaxColumns = 100;
    private const int MaxRows = 24;
    private const string Symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The letter of a buffer by its position in the plan; letters repeat in long plans.</summary>
    public static char Symbol(int buffer) => Symbols[buffer % Symbols.Length];

    /// <summary>The lines of the picture; none for an empty arena.</summary>
    public static IReadOnlyList<string> Draw(PlanDescription plan)
    {
        if (plan.ArenaBytes == 0)
        {
            return [];
        }

        int columns = Math.Min(plan.StepCount, MaxColumns);
        int rows = (int)Math.Min(MaxRows, (plan.ArenaBytes + 63) / 64);
        var lines = new List<string>
        {
            string.Empty,
            $"Arena over time: steps 0 to {plan.StepCount - 1} from left to right, addresses from top to bottom, {Tables.Number(plan.ArenaBytes / rows)} bytes a row.",
        };
        int addressWidth = Tables.Number(plan.ArenaBytes).Length;
        for (int row = 0; row < rows; row++)
        {
            long address = (long)((Int128)plan.ArenaBytes * row / rows);
            long end = (long)((Int128)plan.ArenaBytes * (row + 1) / rows);
            string cells = string.Concat(Enumerable.Range(0, columns).Select(column => Cell(plan, column, columns, address, end)));
            lines.Add($"  {Tables.Number(address).PadLeft(addressWidth)} |{cells}|");
        }

        return lines;
    }

    /// <summary>The buffer that covers most of the slice at the first step of the column; a dot if none does.</summary>
    private static char Cell(PlanDescription plan, int column, int columns, long start, long end)
    {
        int step = (int)((long)column * plan.StepCount / columns);
        int best = -1;
        long covered = 0;
        for (int i = 0; i < plan.Buffers.Count; i++)
        {
            BufferDescription buffer = plan.Buffers[i];
            long overlap = Math.Min(end, buffer.Offset + buffer.Bytes) - Math.Max(start, buffer.Offset);
            if (step >= buffer.FirstStep && step <= buffer.LastStep && overlap > covered)
            {
                best = i;
                covered = overlap;
            }
        }

        return best < 0 ? '.' : Symbol(best);
    }
}
