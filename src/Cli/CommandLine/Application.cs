using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AotCompiler.Cli.Commands;
using AotCompiler.Cli.Peer;
using AotCompiler.Diagnostics;

namespace AotCompiler.Cli.CommandLine;

/// <summary>The command line as a whole: parses it, runs one command, and turns every failure into a message and an exit code.</summary>
internal static class Application
{
    private static ModelCommand[] Commands() =>
    [
        new InspectCommand(),
        new CompileCommand(),
        new BuildCommand(),
        new RunCommand(),
        new VerifyCommand(),
        new BenchCommand(),
        new ProfileCommand(),
        new SizeCommand(),
        new TuneCommand(),
        new ConformanceCommand(),
        new FuzzCommand(),
    ];

    /// <summary>Makes numbers, messages and generated code the same on every machine. Comes first: work runs on other threads too.</summary>
    public static void UseInvariantCulture()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
    }

    /// <summary>Runs the program.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        RootCommand root = CreateRoot(terminal);
        ParseResult parse = root.Parse(arguments);
        if (parse.Errors.Count > 0)
        {
            return ReportUsage(parse, terminal);
        }

        return parse.Invoke(new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        });
    }

    private static RootCommand CreateRoot(Terminal terminal)
    {
        var root = new RootCommand(
            """
            Compiles ONNX models ahead of time: to readable C#, to a native executable, or in memory to run, check and time them.

            Exit codes: 0 success, 1 the work failed or a check did not pass, 2 the command line is wrong.
            """);
        var examples = new Dictionary<Command, IReadOnlyList<string>>
        {
            [root] = ["aotc inspect digits.onnx --stage plan", "aotc build digits.onnx -o bin", "aotc bench bert.onnx --dim batch=1 --dim seq=128"],
        };
        foreach (ModelCommand command in Commands())
        {
            Command built = command.Build();
            built.SetAction((parse, cancellation) => Task.Run(() => Execute(command, parse, terminal, cancellation), CancellationToken.None));
            root.Add(built);
            examples[built] = command.Examples;
        }

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!, examples);
        return root;
    }

    private static int Execute(ModelCommand command, ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            terminal.Json = command.WantsJson(parse);
            return command.Execute(parse, terminal, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.ReportError(null, "Interrupted.");
            return ExitCode.Cancelled;
        }
        catch (Exception e)
        {
            (string? code, string message, int exitCode) = Explain(e);
            terminal.ReportError(code, message);
            return exitCode;
        }
    }

    private static (string? Code, string Message, int ExitCode) Explain(Exception e) => e switch
    {
        CommandException command => (command.Code, command.Message, command.ExitCode),
        ModelException model => (model.Diagnostic.Code, model.Diagnostic.Message, model.Diagnostic.Code == DiagnosticCodes.OptionInvalid ? ExitCode.Usage : ExitCode.Failure),
        OnnxRuntimeException or IOException or InvalidDataException or UnauthorizedAccessException => (null, e.Message, ExitCode.Failure),
        _ => (DiagnosticCodes.InternalError, $"{e.GetType().Name}: {e.Message} This is a defect of aotc: report it with the model and the command line.\n{e.StackTrace}", ExitCode.Failure),
    };

    private static int ReportUsage(ParseResult parse, Terminal terminal)
    {
        foreach (ParseError error in parse.Errors)
        {
            terminal.ReportError(DiagnosticCodes.OptionInvalid, error.Message);
        }

        string name = parse.CommandResult.Command is RootCommand ? string.Empty : $"{parse.CommandResult.Command.Name} ";
        terminal.Error.WriteLine($"Run 'aotc {name}--help' for what can be given.");
        return ExitCode.Usage;
    }
}
