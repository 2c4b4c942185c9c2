using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using AotCompiler.Cli.CommandLine;

namespace AotCompiler.Cli.Commands;

/// <summary>A verb of the command line, which works on one model unless it says otherwise. To add one, derive from this and list it in <see cref="Application"/>.</summary>
internal abstract class ModelCommand
{
    /// <summary>The verb.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, for the help.</summary>
    public abstract string Description { get; }

    /// <summary>Command lines for the help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Options that every command has.</summary>
    protected ModelOptions Options { get; } = new();

    /// <summary>Options and arguments of this command alone, in the order of the help.</summary>
    protected virtual IEnumerable<Symbol> Symbols => [];

    /// <summary>What the command works on.</summary>
    protected virtual Argument Subject => Options.Model;

    /// <summary>Options that it shares with other commands, after its own in the help.</summary>
    protected virtual IEnumerable<Option> SharedOptions => [Options.Dimensions, Options.State, Options.Isa, Options.Optimize, Options.NoWinograd, Options.MemoryBudget, Options.Tuning, Options.Json];

    /// <summary>Does the work.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public abstract int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation);

    public bool WantsJson(ParseResult parse) => parse.GetValue(Options.Json);

    /// <summary>The verb with its options.</summary>
    public Command Build()
    {
        var command = new Command(Name, Description) { Subject };
        foreach (Symbol symbol in Symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        foreach (Option option in SharedOptions)
        {
            command.Add(option);
        }

        return command;
    }
}
