using System;
using System.Collections.Generic;
using System.IO;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Diagnostics;

namespace AotCompiler.Cli.Commands;

/// <summary>What the verbs have in common that the package's build targets call: one argument, and errors in the form that MSBuild recognises.</summary>
internal static class BuildVerb
{
    /// <summary>Reads a request; null, and an error is told, if it cannot be read.</summary>
    public static T? Read<T>(string verb, IReadOnlyList<string> arguments, Func<string, T> read, TextWriter error)
        where T : class
    {
        if (arguments.Count != 1)
        {
            error.WriteLine($"usage: aotc {verb} REQUEST");
            return null;
        }

        try
        {
            return read(arguments[0]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or UriFormatException)
        {
            error.WriteLine($"aotc : error {DiagnosticCodes.OptionInvalid}: {e.Message}");
            return null;
        }
    }

    /// <summary>Tells an error of a model.</summary>
    /// <param name="error">Where to.</param>
    /// <param name="model">Path of the model.</param>
    /// <param name="code">Identifier of the diagnostic; null if it has none.</param>
    /// <param name="message">What is wrong.</param>
    /// <returns>The exit code of a failure.</returns>
    public static int Fail(TextWriter error, string model, string? code, string message)
    {
        error.WriteLine($"{model}(1,1): error {code}: {message.ReplaceLineEndings(" ")}");
        return ExitCode.Failure;
    }
}
