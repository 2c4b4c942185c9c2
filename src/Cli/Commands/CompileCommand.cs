using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using Spectre.Console;

namespace AotCompiler.Cli.Commands;

/// <summary>Writes the C# of a model, and its weights, to disk: what the generator adds to a project.</summary>
internal sealed class CompileCommand : ModelCommand
{
    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "DIR",
        Description = "Folder for the files. It is made if it does not exist; files of the same names are replaced.",
        Required = true,
    };

    private readonly Option<string?> _namespace = new("--namespace")
    {
        HelpName = "NAME",
        Description = "Namespace of the generated class. Default: none.",
    };

    private readonly Option<string?> _class = new("--class")
    {
        HelpName = "NAME",
        Description = "Name of the generated class. Default: made of the file name.",
    };

    private readonly Option<string?> _accessibility = new("--accessibility")
    {
        HelpName = "public|internal",
        Description = "Accessibility of the generated class. Default: public.",
    };

    private readonly Option<string?> _inlineWeightLimit = new("--inline-weight-limit")
    {
        HelpName = "BYTES",
        Description = $"Weights up to this size are written into the source, larger ones into an assembly beside it. Default: {CompilerOptions.DefaultInlineWeightLimit}.",
    };

    private readonly Option<bool> _native = new("--native-exports")
    {
        Description = "Also write C functions (run, info, error) that a native library exports, and their header.",
    };

    private readonly Option<string?> _nativeName = new("--native-name")
    {
        HelpName = "NAME",
        Description = "With what the names of the C functions begin. Default: the file name.",
    };

    private readonly Option<string?> _nativeWeights = new("--native-weights")
    {
        HelpName = "library|caller",
        Description = "Whether the weights are inside the native library or a file that its caller passes. Default: library.",
    };

    public override string Name => "compile";

    public override string Description => "Writes a model's C# files to disk, and its weights as an assembly if they are large.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc compile digits.onnx -o generated",
        "aotc compile digits.onnx -o generated --namespace Shop.Models --class DigitReader",
    ];

    protected override IEnumerable<Symbol> Symbols => [_output, _namespace, _class, _accessibility, _inlineWeightLimit, _native, _nativeName, _nativeWeights];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        OptionTexts texts = new()
        {
            Namespace = parse.GetValue(_namespace),
            ClassName = parse.GetValue(_class),
            Accessibility = parse.GetValue(_accessibility),
            InlineWeightLimit = parse.GetValue(_inlineWeightLimit),
            NativeExports = parse.GetValue(_native) ? "true" : null,
            NativeName = parse.GetValue(_nativeName),
            NativeWeights = parse.GetValue(_nativeWeights),
        };
        ModelSource source = ModelSource.Read(parse.GetRequiredValue(Options.Model));
        CompilationResult result = source.Compile(Options.ToCompilerOptions(parse, texts), terminal, cancellation);
        string folder = parse.GetRequiredValue(_output);
        Directory.CreateDirectory(folder);
        List<CompiledFile> files = WriteSources(result, folder);
        if (result.Code!.Native is { } native)
        {
            files.Add(WriteText(Path.Combine(folder, $"{native.Name}.h"), CHeaderWriter.Write(native), "header"));
        }

        if (result.Code.WeightTypeName is not null)
        {
            string path = Path.Combine(folder, PackedWeights.FileName(result));
            terminal.Progress("Packing weights", _ =>
            {
                PackedWeights.WriteTo(result, path, cancellation);
                return path;
            });
            files.Add(new CompiledFile(path, new FileInfo(path).Length, "weights"));
        }

        Write(terminal, new CompileReport(source.Name, result.Code.FullClassName, result.Code.Hash.ToString(), files));
        return ExitCode.Success;
    }

    private static List<CompiledFile> WriteSources(CompilationResult result, string folder) =>
        result.Sources.Select(source => WriteText(Path.Combine(folder, source.HintName), source.Text, "source")).ToList();

    private static CompiledFile WriteText(string path, string text, string kind)
    {
        byte[] bytes = SourceFile.Encoding.GetBytes(text);
        File.WriteAllBytes(path, bytes);
        return new CompiledFile(path, bytes.Length, kind);
    }

    private static void Write(Terminal terminal, CompileReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.CompileReport);
            return;
        }

        Table table = Tables.New("file", "kind", ">bytes");
        foreach (CompiledFile file in report.Files)
        {
            Tables.Row(table, file.Path, file.Kind, Tables.Number(file.Bytes));
        }

        terminal.Rich.Write(table);
        Tables.Facts(terminal, ("class", report.ClassName), ("plan", report.PlanHash));
        if (report.Files.Any(static f => f.Kind == "weights"))
        {
            terminal.WriteLine("Reference the weights assembly and AotCompiler.Runtime from the project that compiles the source.");
        }
    }
}
