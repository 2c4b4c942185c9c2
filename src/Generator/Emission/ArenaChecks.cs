using System.Collections.Generic;
using System.Linq;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>
/// Proves the memory plan on real runs, for <see cref="Compiler.CompilerOptions.CheckedArena"/>: bytes that belong to no live
/// buffer hold a pattern that reads as NaN. A step that reads memory too early or too late spoils its result; a step
/// that writes beyond its buffers is caught right behind it.
/// </summary>
internal sealed class ArenaChecks
{
    /// <summary>Bytes the plan leaves free behind every buffer, so that a write beyond its end meets the pattern.</summary>
    public const int CanaryBytes = 64;

    private readonly ExecutionPlan _plan;

    public ArenaChecks(ExecutionPlan plan)
    {
        _plan = plan;
    }

    /// <summary>Writes what comes before the first step.</summary>
    public void WriteStart(CodeWriter code) => Poison(code, 0, _plan.Arena.ArenaBytes);

    /// <summary>Writes what comes behind a step.</summary>
    public void WriteAfter(CodeWriter code, int step)
    {
        foreach ((long start, long end) in Gaps(Live(step)))
        {
            code.Line($"VerifyPoison(arena, {start}, {end}, {step});");
        }

        List<(long Start, long End)> stillLive = Live(step + 1);
        foreach ((long start, long end) in Live(step))
        {
            foreach ((long from, long to) in Gaps(stillLive.Where(r => r.Start < end && r.End > start), start, end))
            {
                Poison(code, from, to);
            }
        }
    }

    /// <summary>Writes the two methods that the rest calls.</summary>
    public static void WriteMethods(CodeWriter code)
    {
        code.Line();
        using (code.Block("private static void Poison(byte* arena, long start, long end)"))
        {
            code.Line("new global::System.Span<byte>(arena + start, (int)(end - start)).Fill(0xFF);");
        }

        code.Line();
        using (code.Block("private static void VerifyPoison(byte* arena, long start, long end, int step)"))
        using (code.Block("for (long i = start; i < end; i++)"))
        using (code.Block("if (arena[i] != 0xFF)"))
        {
            code.Line("throw new global::System.InvalidOperationException(\"Step \" + step + \" wrote byte \" + i + \" of the arena, which belongs to no live buffer.\");");
        }
    }

    private static void Poison(CodeWriter code, long start, long end) => code.Line($"Poison(arena, {start}, {end});");

    /// <summary>The bytes of the buffers that are live in a step, joined and in order.</summary>
    private List<(long Start, long End)> Live(int step)
    {
        var result = new List<(long Start, long End)>();
        foreach (ArenaBuffer buffer in _plan.Buffers.Where(b => b.FirstStep <= step && step <= b.LastStep && b.Storage.Bytes > 0).OrderBy(static b => b.Storage.Offset))
        {
            long end = buffer.Storage.Offset + ArenaPlanner.RoundUp(buffer.Storage.Bytes);
            if (result.Count > 0 && buffer.Storage.Offset <= result[result.Count - 1].End)
            {
                result[result.Count - 1] = (result[result.Count - 1].Start, System.Math.Max(end, result[result.Count - 1].End));
            }
            else
            {
                result.Add((buffer.Storage.Offset, end));
            }
        }

        return result;
    }

    private IEnumerable<(long Start, long End)> Gaps(IEnumerable<(long Start, long End)> ranges) => Gaps(ranges, 0, _plan.Arena.ArenaBytes);

    /// <summary>What ordered ranges leave free of a region.</summary>
    private static IEnumerable<(long Start, long End)> Gaps(IEnumerable<(long Start, long End)> ranges, long start, long end)
    {
        foreach ((long from, long to) in ranges)
        {
            if (from > start)
            {
                yield return (start, from);
            }

            start = System.Math.Max(start, to);
        }

        if (start < end)
        {
            yield return (start, end);
        }
    }
}
