using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using Spectre.Console;

namespace AotCompiler.Cli.Commands;

/// <summary>Compiles a model in memory and runs it on the user's arrays.</summary>
internal sealed class RunCommand : ModelCommand
{
    private readonly Option<string[]> _inputs = new("--input", "-i")
    {
        HelpName = "[NAME=]FILE",
        Description = "A .npy file, or a .pb file with a TensorProto, for the input NAME. Without a name: the next input that has no file yet.",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "DIR",
        Description = "Folder for the outputs, written as NAME.npy. It is made if it does not exist. Default: they are not written.",
    };

    private readonly Option<int?> _threads = NumberOption.Threads();

    public override string Name => "run";

    public override string Description => "Runs a model on arrays from .npy or .pb files, in this process.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc run digits.onnx --input image=seven.npy",
        "aotc run digits.onnx --input seven.npy -o results",
        "aotc run bert.onnx -i input_ids=ids.npy -i attention_mask=mask.npy --json",
    ];

    protected override IEnumerable<Symbol> Symbols => [_inputs, _output, _threads];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        ModelSource source = ModelSource.Read(parse.GetRequiredValue(Options.Model));
        var inputs = new ModelInputs(source.Onnx);
        IReadOnlyDictionary<string, TensorData> tensors = inputs.Match(ReadInputs(inputs, parse.GetValue(_inputs)!), "The command line");
        CompilerOptions options = BoundOptions.For(Options.ToCompilerOptions(parse), inputs, tensors, terminal);
        using ModelSession session = ModelSession.Open(source, options, parse.GetValue(_threads) ?? 1, terminal, cancellation);
        session.SetInputs(tensors);
        session.Run();
        IReadOnlyList<(string Name, TensorData Data)> outputs = session.GetOutputs();
        IReadOnlyList<string?> files = WriteOutputs(outputs, parse.GetValue(_output));
        Write(terminal, new RunReport(source.Name, outputs.Select((o, i) => RunOutput.Of(o.Name, o.Data, files[i])).ToArray()));
        return ExitCode.Success;
    }

    private static (string Name, TensorData Data)[] ReadInputs(ModelInputs inputs, string[] texts) => texts.Select(text => ReadInput(inputs, text)).ToArray();

    /// <summary>Splits at the equals sign that ends an input's name; names and paths may hold others.</summary>
    private static (string Name, TensorData Data) ReadInput(ModelInputs inputs, string text)
    {
        string? name = inputs.Required.Select(static i => i.Name).FirstOrDefault(n => text.StartsWith($"{n}=", StringComparison.Ordinal));
        if (name is not null)
        {
            return (name, TensorFile.Read(text[(name.Length + 1)..]).Data);
        }

        int separator = text.IndexOf('=');
        if (separator > 0 && !File.Exists(text))
        {
            throw new CommandException(
                $"The model has no input '{text[..separator]}'. Its inputs are {string.Join(", ", inputs.Required.Select(static i => $"'{i.Name}'"))}.");
        }

        TensorFile file = TensorFile.Read(text);
        return (file.Name, file.Data);
    }

    private static IReadOnlyList<string?> WriteOutputs(IReadOnlyList<(string Name, TensorData Data)> outputs, string? folder)
    {
        if (folder is null)
        {
            return new string?[outputs.Count];
        }

        Directory.CreateDirectory(folder);
        string[] names = OutputFileNames.For(outputs.Select(static o => o.Name));
        return names.Select((name, i) =>
        {
            string path = Path.Combine(folder, name);
            NpyFile.Write(path, outputs[i].Data);
            return path;
        }).ToArray();
    }

    private static void Write(Terminal terminal, RunReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.RunReport);
            return;
        }

        Table table = Tables.New("output", "type", "shape", ">min", ">max", ">mean", "first elements", "file");
        foreach (RunOutput output in report.Outputs)
        {
            Tables.Row(
                table,
                output.Name,
                output.Type,
                $"[{string.Join(", ", output.Shape)}]",
                Tables.Real(output.Min),
                Tables.Real(output.Max),
                Tables.Real(output.Mean),
                string.Join(" ", output.First.Select(static v => Tables.Real(v))),
                output.File ?? string.Empty);
        }

        terminal.Rich.Write(table);
    }
}
