using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.InProcess;
using AotCompiler.Onnx;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using CompilerSeverity = AotCompiler.Diagnostics.DiagnosticSeverity;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>What compiling any bytes whatever must be: an end in code or in an explained refusal, soon and with little memory.</summary>
internal static class SurvivalCheck
{
    /// <summary>Processor time of one compilation; a debug build stays well below. <c>AOTC_FUZZ_SECONDS</c> sets another.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("AOTC_FUZZ_SECONDS"), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ? seconds : 10);

    /// <summary>Bytes that one compilation may allocate beyond four times the file.</summary>
    private const long MemorySlack = 256L << 20;

    private static int _count;

    /// <summary>Compiles; null if all is as it must be, else what is wrong.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="name">Name of the model.</param>
    /// <param name="parse">True to look for syntax errors in the code.</param>
    /// <param name="result">The result, if the compiler returned.</param>
    public static string? Problem(byte[] bytes, string name, bool parse, out CompilationResult? result)
    {
        result = null;
        using var deadline = new CancellationTokenSource(6 * TimeLimit);
        TimeSpan start = ThreadTime();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            result = ModelCompiler.Compile(ModelFile.FromBytes(bytes), NoExternalData.Instance, new CompilerOptions { ModelName = name }, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return "it did not end in time";
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan time = ThreadTime() - start;
        if (result.Diagnostics.FirstOrDefault(static d => d.Code == DiagnosticCodes.InternalError) is { } defect)
        {
            return defect.Message;
        }

        if (!result.Success && !result.Diagnostics.Any(static d => d.Severity == CompilerSeverity.Error))
        {
            return "neither code nor an error";
        }

        if (time > TimeLimit)
        {
            return "it took too long";
        }

        if (allocated > (4 * bytes.Length) + MemorySlack)
        {
            return $"it allocated {allocated >> 20} MiB";
        }

        return parse && result.Success ? SyntaxError(result) : null;
    }

    /// <summary>Compiles the code of successes, as far as that their types fit; null if all is as it must be.</summary>
    public static string? Problem(IEnumerable<CompilationResult> results)
    {
        try
        {
            InProcessCompiler.Compile($"Fuzz{Interlocked.Increment(ref _count)}", results.SelectMany(static r => r.Sources).Select(static s => (s.HintName, s.Text)));
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    private static string? SyntaxError(CompilationResult result) => result.Sources
        .SelectMany(static s => CSharpSyntaxTree.ParseText(s.Text, new CSharpParseOptions(LanguageVersion.CSharp7_3)).GetDiagnostics())
        .Where(static d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error && d.Id != "CS8370")
        .Select(static d => $"syntax error in the generated code: {d}")
        .FirstOrDefault();

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
