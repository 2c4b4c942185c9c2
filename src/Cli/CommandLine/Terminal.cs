using System;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AotCompiler.Diagnostics;
using Spectre.Console;

namespace AotCompiler.Cli.CommandLine;

/// <summary>
/// Where a command's words go: reports to standard output, diagnostics and progress to standard error. Colours and
/// progress only where a person watches.
/// </summary>
internal sealed class Terminal
{
    /// <summary>Columns of tables in a file or pipe: wide enough that nothing a program may search for is wrapped.</summary>
    private const int RedirectedWidth = 250;

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly bool _watched;
    private IAnsiConsole? _console;

    public Terminal(TextWriter output, TextWriter error)
    {
        _output = output;
        _error = error;
        _watched = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && !Console.IsErrorRedirected;
    }

    public TextWriter Output => _output;

    public TextWriter Error => _error;

    /// <summary>True if the report is JSON: nothing else may reach standard output.</summary>
    public bool Json { get; set; }

    /// <summary>For tables on standard output.</summary>
    public IAnsiConsole Rich => _console ??= CreateConsole(_output, _watched);

    public void WriteLine(string line = "") => _output.WriteLine(line);

    /// <summary>Writes a report as JSON.</summary>
    public void WriteJson<T>(T report, JsonTypeInfo<T> type) => _output.WriteLine(JsonSerializer.Serialize(report, type));

    /// <summary>Tells something by the way: a note that is no result.</summary>
    public void Note(string message) => _error.WriteLine($"aotc: note: {message}");

    public void Report(ModelDiagnostic diagnostic)
    {
        string severity = diagnostic.Severity switch
        {
            DiagnosticSeverity.Error => "error",
            DiagnosticSeverity.Warning => "warning",
            _ => "info",
        };
        _error.WriteLine($"aotc: {severity} {diagnostic.Code}: {diagnostic.Message}");
    }

    public void ReportError(string? code, string message) =>
        _error.WriteLine(code is null ? $"aotc: error: {message}" : $"aotc: error {code}: {message}");

    /// <summary>Does work, saying what it is while it lasts.</summary>
    /// <param name="what">A present participle: <c>Compiling digits.onnx</c>.</param>
    /// <param name="work">Gets an action that changes what is said.</param>
    public T Progress<T>(string what, Func<Action<string>, T> work)
    {
        if (!_watched || Json)
        {
            return work(static _ => { });
        }

        return CreateConsole(_error, watched: true).Status()
            .Start(Markup.Escape(what), context => work(text => context.Status(Markup.Escape(text))));
    }

    /// <summary>Does many pieces of work, showing how many are done.</summary>
    /// <param name="what">A present participle: <c>Running 300 cases</c>.</param>
    /// <param name="total">Number of pieces.</param>
    /// <param name="work">Gets an action to call with the number of pieces done so far.</param>
    public T ProgressBar<T>(string what, int total, Func<Action<int>, T> work) => !_watched || Json
        ? work(static _ => { })
        : CreateConsole(_error, watched: true).Progress().Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(what), maxValue: total);
            return work(done => task.Value = done);
        });

    private static IAnsiConsole CreateConsole(TextWriter writer, bool watched)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = watched ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = watched ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = watched ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!watched)
        {
            console.Profile.Width = RedirectedWidth;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}
