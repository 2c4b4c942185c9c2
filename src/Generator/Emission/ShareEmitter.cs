using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>Writes the method that computes one thread's share of a phase, and the table of phases.</summary>
internal static class ShareEmitter
{
    /// <summary>Name of the method; a <c>ShareMethod</c> of the runtime.</summary>
    public const string MethodName = "RunShare";

    /// <summary>Writes the method.</summary>
    public static void Write(CodeWriter code, ExecutionPlan plan, CompilerOptions options, EmittedNames names, StepMethods methods, Simd simd, SizeTable sizes)
    {
        code.Line("/// <summary>Computes one of several equal shares of a phase; returns 0, or 1 + the number of the step that met an index out of range.</summary>");
        using (code.Block($"internal static int {MethodName}(byte** bases, int phase, int share, int shares)"))
        {
            IReadOnlyList<string> bases = StepsEmitter.Bases(plan, names);
            for (int i = 0; i < bases.Count; i++)
            {
                code.Line($"byte* {bases[i]} = bases[{i}];");
            }

            string[] chosen = plan.Schedule.Graph.Sizes.Select(SizeTable.Name).ToArray();
            for (int i = 0; i < chosen.Length; i++)
            {
                code.Line($"int {chosen[i]} = (int)(long)bases[{bases.Count + i}];");
            }

            if (options.Profile)
            {
                code.Line($"long* timestamps = (long*)bases[{bases.Count + chosen.Length}];");
            }

            StepsEmitter.WriteSizes(code, sizes, null);
            using (code.Block("switch (phase)"))
            {
                for (int i = 0; i < plan.Phases.Count; i++)
                {
                    code.Line($"case {i}:");
                    WritePhase(code, plan.Phases[i], options, methods, simd, sizes);
                    code.Line("    break;");
                }
            }

            code.Line("return 0;");
        }
    }

    /// <summary>How many shares each phase is worth, for the runtime.</summary>
    public static string Table(ExecutionPlan plan) => $"new byte[] {{ {string.Join(", ", plan.Phases.Select(static p => $"{p.Shares}"))} }}";

    private static void WritePhase(CodeWriter code, Phase phase, CompilerOptions options, StepMethods methods, Simd simd, SizeTable sizes)
    {
        using (code.Block())
        {
            foreach (IGrouping<int, PhaseStep> run in Runs(phase.Steps))
            {
                if (phase.Shares > 1 && !run.First().IsShared)
                {
                    using (code.Block("if (share == 0)"))
                    {
                        WriteAlone(code, run, options, methods);
                    }
                }
                else if (!run.First().IsShared)
                {
                    WriteAlone(code, run, options, methods);
                }
                else
                {
                    foreach (PhaseStep step in run)
                    {
                        WriteShared(code, step.Step, phase.Shares, methods, simd, sizes);
                        StepsEmitter.WriteTimestamps(code, step.Step, options);
                    }
                }
            }
        }
    }

    /// <summary>Neighbouring steps that are all shared or all not.</summary>
    private static IEnumerable<IGrouping<int, PhaseStep>> Runs(IReadOnlyList<PhaseStep> steps)
    {
        int run = 0;
        var numbers = new int[steps.Count];
        for (int i = 1; i < steps.Count; i++)
        {
            numbers[i] = steps[i].IsShared == steps[i - 1].IsShared ? run : ++run;
        }

        return steps.Select((step, i) => (Step: step, Run: numbers[i])).GroupBy(static s => s.Run, static s => s.Step);
    }

    private static void WriteAlone(CodeWriter code, IEnumerable<PhaseStep> steps, CompilerOptions options, StepMethods methods)
    {
        foreach (PhaseStep step in steps)
        {
            StepsEmitter.WriteCall(code, step.Step, methods, Array.Empty<string>());
            StepsEmitter.WriteTimestamps(code, step.Step, options);
        }
    }

    private static void WriteShared(CodeWriter code, Step step, int shares, StepMethods methods, Simd simd, SizeTable sizes)
    {
        Extent extent = step.ParallelExtent(simd);
        string units = extent.IsDynamic ? $"(long){StepsEmitter.Units(step, simd, sizes)}" : $"{extent.Maximum}L";
        string begin = $"(int)({units} * share / shares)";
        string end = $"(int)({units} * (share + 1) / shares)";
        using (extent.IsDynamic || extent.Maximum < shares ? code.Block($"if ({begin} < {end})") : code.Block())
        {
            StepsEmitter.WriteCall(code, step, methods, new[] { begin, end });
        }
    }
}
