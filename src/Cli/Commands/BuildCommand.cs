using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Native;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Planning;

namespace AotCompiler.Cli.Commands;

/// <summary>Makes a native program or C library of a model.</summary>
internal sealed class BuildCommand : ModelCommand
{
    private const string DotnetRuntime = "dotnet";
    private const string NoRuntime = "none";

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "DIR",
        Description = "Folder for the program, or for a library's include/ and lib/. It is made if it does not exist; nothing else is written there.",
        Required = true,
    };

    private readonly Option<string> _kind = new("--kind")
    {
        HelpName = string.Join("|", OutputKinds.Words),
        Description = "What to make: a program that reads array files, or a library with C functions and a header.",
        DefaultValueFactory = static _ => OutputKinds.Words[0],
    };

    private readonly Option<string?> _name = new("--name")
    {
        HelpName = "NAME",
        Description = "Name of the program or library; C functions begin with it. Default: that of the model file.",
    };

    private readonly Option<string?> _target = new("--target")
    {
        HelpName = "OS-CPU",
        Description = "Operating system and processor to build for, such as linux-x64 or linux-arm64. Default: this machine's.",
    };

    private readonly Option<string?> _runtime = new("--runtime")
    {
        HelpName = "dotnet|none",
        Description = "Whether a program or library has the used parts of the .NET runtime inside. Default: dotnet for exe and shared, none for static and object, which cannot have it.",
    };

    private readonly Option<string?> _weights = new("--weights")
    {
        HelpName = "library|caller",
        Description = "Whether a library's weights are inside it, or a file that its caller loads and passes to each run. Default: library.",
    };

    // NativeAOT programs carry their runtime, so that the framework is no demand on the user's machine. The compiler
    // of .NET 9 is served whole where that of .NET 10 may lack its runtime pack.
    private readonly Option<string> _framework = new("--framework")
    {
        HelpName = string.Join("|", NativeProject.Frameworks),
        Description = "Framework whose NativeAOT compiler is used; it is fetched from the package feed if needed.",
        DefaultValueFactory = static _ => NativeProject.Frameworks[0],
    };

    private readonly Option<string?> _budgetMs = new("--budget-ms")
    {
        HelpName = "NUMBER",
        Description = "Fail if a run is estimated to take longer than so many milliseconds on a typical processor of the instruction set.",
    };

    private readonly Option<string?> _budgetKb = new("--budget-kb")
    {
        HelpName = "NUMBER",
        Description = "Fail if the program or library is larger than so many KB (of 1,024 bytes).",
    };

    private readonly Option<string?> _keep = new("--keep")
    {
        HelpName = "DIR",
        Description = "Keep the project that the program or library is built from in this folder.",
    };

    public BuildCommand()
    {
        _framework.AcceptOnlyFromAmong(NativeProject.Frameworks);
        _kind.AcceptOnlyFromAmong(OutputKinds.Words);
        _runtime.AcceptOnlyFromAmong(DotnetRuntime, NoRuntime);
    }

    public override string Name => "build";

    public override string Description => "Makes a native program that runs a model on .npy or .pb files, or a C library. Programs and shared libraries need the .NET SDK and a C compiler's linker; what is made needs neither.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc build digits.onnx -o bin          then: bin/digits seven.npy -o results",
        "aotc build digits.onnx -o digits-c --kind shared          then: cc main.c $(pkg-config --cflags --libs digits)",
        "aotc build kws.onnx -o kws --kind static --target none-armv7em          for a microcontroller, without any runtime",
        "aotc build bert.onnx -o bin --dim batch=1 --dim seq=128 --isa x86-64-v4",
    ];

    protected override IEnumerable<Symbol> Symbols => [_output, _kind, _name, _target, _runtime, _weights, _budgetMs, _budgetKb, _framework, _keep];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        ModelSource source = ModelSource.Read(parse.GetRequiredValue(Options.Model));
        OutputKind kind = OutputKinds.TryParse(parse.GetRequiredValue(_kind))!.Value;
        CompilerOptions options = ToOptions(parse, source, kind);
        var order = new NativeOrder(source, options, [kind], parse.GetValue(_target) ?? RuntimeInformation.RuntimeIdentifier, Path.GetFullPath(parse.GetRequiredValue(_output)))
        {
            ProgramName = ExecutableName(parse.GetValue(_name) ?? options.ModelName),
            HasRuntime = parse.GetValue(_runtime) is { } runtime ? runtime == DotnetRuntime : null,
            Framework = parse.GetRequiredValue(_framework),
            KeepFolder = parse.GetValue(_keep),
            BudgetMilliseconds = parse.GetValue(_budgetMs) is { } time ? Budget.Parse(time, "--budget-ms") : null,
            BudgetKilobytes = parse.GetValue(_budgetKb) is { } size ? Budget.Parse(size, "--budget-kb") : null,
        };
        Write(terminal, order, new NativeBuilder(terminal).Build(order, cancellation).Single());
        return ExitCode.Success;
    }

    private CompilerOptions ToOptions(ParseResult parse, ModelSource source, OutputKind kind)
    {
        string? name = parse.GetValue(_name);
        return Options.ToCompilerOptions(parse, new OptionTexts
        {
            NativeExports = "true",
            NativeName = kind == OutputKind.Exe || name is null ? CNames.Library(source.Title) : name,
            NativeWeights = kind == OutputKind.Exe ? null : parse.GetValue(_weights),
        });
    }

    /// <summary>A name that is a file name on every system and a valid assembly name.</summary>
    private static string ExecutableName(string wanted)
    {
        string name = string.Concat(wanted.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).Trim('.');
        return name.Length > 0 ? name : "model";
    }

    private static void Write(Terminal terminal, NativeOrder order, NativeProduct product)
    {
        ExecutionPlan plan = product.Result.Plan!;
        var report = new BuildReport(
            order.Source.Name,
            product.Kind.Word(),
            product.Path,
            new FileInfo(product.Path).Length,
            product.Files,
            product.Framework,
            order.Target,
            product.Isa,
            plan.Arena.ArenaBytes,
            plan.WeightBytes,
            product.StackBytes);
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.BuildReport);
            return;
        }

        Tables.Facts(
            terminal,
            [
                (product.Kind == OutputKind.Exe ? "executable" : "library", report.Path),
                .. report.Files.Skip(1).Select(static f => (string.Empty, f)),
                ("size", $"{Tables.Number(report.Bytes)} bytes"),
                ("target", $"{report.RuntimeIdentifier}, {report.Isa}{(report.Framework is { } framework ? $", built with {framework}" : ", without a runtime")}"),
                ("arena", $"{Tables.Number(report.ArenaBytes)} bytes"),
                ("weights", $"{Tables.Number(report.WeightBytes)} bytes"),
                .. report.StackBytes is { } stack ? [("stack", $"{Tables.Number(stack)} bytes at most")] : Array.Empty<(string, string)>(),
            ]);
    }
}
