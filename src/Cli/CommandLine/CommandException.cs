using System;

namespace AotCompiler.Cli.CommandLine;

/// <summary>Ends a command with a message for the user.</summary>
internal sealed class CommandException : Exception
{
    /// <param name="message">What is wrong and what to do next, in full sentences.</param>
    /// <param name="code">Identifier of the diagnostic, if it has one.</param>
    public CommandException(string message, string? code = null)
        : base(message)
    {
        Code = code;
    }

    public string? Code { get; }

    /// <summary>One of <see cref="CommandLine.ExitCode"/>.</summary>
    public int ExitCode { get; init; } = CommandLine.ExitCode.Failure;
}
