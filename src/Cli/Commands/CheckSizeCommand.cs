using System.Collections.Generic;
using System.IO;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;

namespace AotCompiler.Cli.Commands;

/// <summary><c>aotc check-size FILE KILOBYTES</c>: what the package's build targets call to hold a native file against its budget.</summary>
internal static class CheckSizeCommand
{
    public const string Name = "check-size";

    /// <summary>Runs the command. Errors are printed in the form that MSBuild recognises.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter error)
    {
        if (arguments.Count != 2 || !File.Exists(arguments[0]))
        {
            error.WriteLine("usage: aotc check-size FILE KILOBYTES");
            return CommandLine.ExitCode.Usage;
        }

        ModelDiagnostic? over;
        try
        {
            over = Budget.CheckSize(Path.GetFileName(arguments[0]), new FileInfo(arguments[0]).Length, Budget.Parse(arguments[1], "AotCompilerBudgetKb"));
        }
        catch (ModelException e)
        {
            over = e.Diagnostic;
        }

        if (over is null)
        {
            return CommandLine.ExitCode.Success;
        }

        error.WriteLine($"{arguments[0]}(1,1): error {over.Code}: {over.Message}");
        return CommandLine.ExitCode.Failure;
    }
}
