using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading;

namespace AotCompiler.Freestanding.Processes;

/// <summary>Runs a program to its end and gathers what it prints.</summary>
public static class ToolProcess
{
    /// <summary>Starts the program and waits until it has ended.</summary>
    /// <param name="start">The program and its arguments; both output streams are redirected.</param>
    /// <param name="cancellation">Ends the program and all that it has started.</param>
    /// <param name="say">Told each line as it comes; may be called by several threads, but never by two at once.</param>
    /// <returns>The exit code, and the lines of both streams in the order in which they came.</returns>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static (int ExitCode, IReadOnlyList<string> Lines) Run(ProcessStartInfo start, CancellationToken cancellation, Action<string>? say = null)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var lines = new List<string>();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += Receive;
        process.ErrorDataReceived += Receive;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (cancellation.Register(() => Kill(process)))
        {
            process.WaitForExit();
        }

        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, lines);

        void Receive(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is null)
            {
                return;
            }

            lock (lines)
            {
                lines.Add(e.Data);
                say?.Invoke(e.Data);
            }
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended by itself.
        }
    }
}
