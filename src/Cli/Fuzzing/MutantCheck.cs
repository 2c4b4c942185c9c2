using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.InProcess;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Fuzzing;

/// <summary>What compiling any bytes whatever must be: an end in code or in an explained refusal, soon and with little memory.</summary>
internal static class MutantCheck
{
    private static int _assemblies;

    /// <summary>Compiles.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="options">What to compile it with.</param>
    /// <param name="limits">What that may take.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static MutantOutcome Compile(byte[] bytes, CompilerOptions options, FuzzLimits limits, CancellationToken cancellation = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limits.Patience / 2);

        MutantOutcome outcome = CompileWatched(bytes, options, limits, deadline.Token);
        cancellation.ThrowIfCancellationRequested();
        if (outcome.Problem is { Kind: ProblemKind.Time })
        {
            // The first time the just-in-time compiler's work is in it.
            outcome = CompileWatched(bytes, options, limits, deadline.Token);
        }

        return outcome.Problem is { Kind: ProblemKind.Memory } ? ConfirmMemory(outcome, bytes, options, limits) : outcome;
    }

    /// <summary>Compiles the code of successes, as far as that their types fit; null if all is as it must be. Models whose weights are a file of their own are left out.</summary>
    public static MutantProblem? CodeProblem(IEnumerable<CompilationResult> results)
    {
        try
        {
            InProcessCompiler.Compile($"Mutants{Interlocked.Increment(ref _assemblies)}", results.Where(static r => r.Plan!.WeightBytes <= CompilerOptions.DefaultInlineWeightLimit).SelectMany(static r => r.Sources).Select(static s => (s.HintName, s.Text)));
            return null;
        }
        catch (InvalidOperationException e)
        {
            return new MutantProblem(ProblemKind.Code, e.Message);
        }
    }

    /// <summary>Compiles on a thread of its own, which is left alone if it does not even honour the cancellation.</summary>
    private static MutantOutcome CompileWatched(byte[] bytes, CompilerOptions options, FuzzLimits limits, CancellationToken cancellation)
    {
        Task<MutantOutcome> work = Task.Run(() => CompileHere(bytes, options, limits, cancellation), CancellationToken.None);
        return work.Wait(limits.Patience)
            ? work.Result
            : new MutantOutcome(null, limits.Patience, new MutantProblem(ProblemKind.Hang, "it does not end, not even when it is cancelled"));
    }

    private static MutantOutcome CompileHere(byte[] bytes, CompilerOptions options, FuzzLimits limits, CancellationToken cancellation)
    {
        TimeSpan start = ThreadTime();
        long before = GC.GetAllocatedBytesForCurrentThread();
        CompilationResult? result = null;
        MutantProblem? problem = null;
        try
        {
            result = ModelCompiler.Compile(ModelFile.FromBytes(bytes), NoExternalData.Instance, options, cancellation);
        }
        catch (OperationCanceledException)
        {
            problem = new MutantProblem(ProblemKind.Hang, "it ends only when it is cancelled");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan time = ThreadTime() - start;
        problem ??= Defect(result!)
            ?? (time > limits.Time ? new MutantProblem(ProblemKind.Time, $"it takes {time.TotalSeconds:F1} s") : null)
            ?? (allocated > limits.MemoryOf(bytes.Length) ? new MutantProblem(ProblemKind.Memory, $"it allocates {allocated >> 20} MiB") : null);
        return new MutantOutcome(result, time, problem);
    }

    private static MutantProblem? Defect(CompilationResult result)
    {
        if (result.Diagnostics.FirstOrDefault(static d => d.Code == DiagnosticCodes.InternalError) is { } defect)
        {
            return new MutantProblem(ProblemKind.Crash, defect.Message);
        }

        return result.Success || result.Diagnostics.Any(static d => d.Severity == DiagnosticSeverity.Error)
            ? null
            : new MutantProblem(ProblemKind.Crash, "neither code nor an error");
    }

    /// <summary>What is allocated may be garbage at once: what counts is how much of it is needed at a time.</summary>
    private static MutantOutcome ConfirmMemory(MutantOutcome outcome, byte[] bytes, CompilerOptions options, FuzzLimits limits)
    {
        long peak = LiveMemory.Peak(() => ModelCompiler.Compile(ModelFile.FromBytes(bytes), NoExternalData.Instance, options, CancellationToken.None));
        return outcome with
        {
            Problem = peak > limits.MemoryOf(bytes.Length) ? new MutantProblem(ProblemKind.Memory, $"it needs {peak >> 20} MiB at a time") : null,
        };
    }

    /// <summary>Processor time of this thread, since the machine may be busy with other work; wall time where there is no such clock.</summary>
    private static TimeSpan ThreadTime()
    {
        const int ThreadClock = 3;
        return OperatingSystem.IsLinux() && ClockGetTime(ThreadClock, out Timespec now) == 0
            ? TimeSpan.FromSeconds(now.Seconds + (1e-9 * now.Nanoseconds))
            : Stopwatch.GetElapsedTime(0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}

/// <summary>How a compilation ended.</summary>
/// <param name="Result">What it gave; null if it did not end.</param>
/// <param name="Time">Processor time.</param>
/// <param name="Problem">What is wrong with it; null if all is as it must be.</param>
internal sealed record MutantOutcome(CompilationResult? Result, TimeSpan Time, MutantProblem? Problem);
