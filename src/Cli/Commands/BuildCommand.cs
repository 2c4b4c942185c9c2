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
using AotCompiler.Cli.Native.Packaging;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
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
        OutputKind kind = OutputKinds.Parse(parse.GetRequiredValue(_kind));
        string target = parse.GetValue(_target) ?? RuntimeInformation.RuntimeIdentifier;
        bool hasRuntime = HasRuntime(parse, kind);
        CompilerOptions options = ToOptions(parse, source, kind, target);
        string? keep = parse.GetValue(_keep);
        string work = keep is null ? Directory.CreateTempSubdirectory("aotc-").FullName : Directory.CreateDirectory(keep).FullName;
        var build = new NativeBuild(
            o => WithinTime(source.Compile(o, terminal, cancellation), parse, target, terminal),
            options,
            kind,
            kind == OutputKind.Exe ? ExecutableName(parse.GetValue(_name) ?? options.ModelName) : options.Native!.Name!,
            target,
            parse.GetRequiredValue(_framework),
            work);
        try
        {
            string folder = Path.GetFullPath(parse.GetRequiredValue(_output));
            NativeOutput output = Build(hasRuntime ? new NativeAotBackend() : new FreestandingLibraries(), build, terminal, cancellation);
            RequireSize(output, parse, terminal);
            Write(terminal, build, hasRuntime, output, source.Name, HandOver(folder, build, output, cancellation));
            return ExitCode.Success;
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    /// <summary>The compilation, if its estimated time is within the budget.</summary>
    private CompilationResult WithinTime(CompilationResult result, ParseResult parse, string target, Terminal terminal)
    {
        DeviceSpeed speed = DeviceSpeed.Of(result.Code!.Native?.IsaName ?? string.Empty, target);
        if (parse.GetValue(_budgetMs) is { } text && Budget.CheckTime(result.Plan!.Schedule, speed, Budget.Parse(text, "--budget-ms")) is { } over)
        {
            BudgetTable.Write(terminal, result.Plan, speed);
            throw new ModelException(over);
        }

        return result;
    }

    private void RequireSize(NativeOutput output, ParseResult parse, Terminal terminal)
    {
        string file = output.Files[0];
        if (parse.GetValue(_budgetKb) is { } text && Budget.CheckSize(Path.GetFileName(file), new FileInfo(file).Length, Budget.Parse(text, "--budget-kb")) is { } over)
        {
            BudgetTable.Write(terminal, output.Result.Plan!, DeviceSpeed.Server);
            throw new ModelException(over);
        }
    }

    private CompilerOptions ToOptions(ParseResult parse, ModelSource source, OutputKind kind, string target)
    {
        string? name = parse.GetValue(_name);
        OptionTexts texts = new()
        {
            NativeExports = "true",
            NativeName = kind == OutputKind.Exe || name is null ? CNames.Library(source.Title) : name,
            NativeWeights = kind == OutputKind.Exe ? null : parse.GetValue(_weights),
        };
        CompilerOptions options = Options.ToCompilerOptions(parse, texts);
        return options with { Isa = options.Isa == TargetIsa.Auto && HasRuntime(parse, kind) ? DefaultIsa(target) : options.Isa };
    }

    /// <summary>True if the .NET runtime's used parts are to be inside.</summary>
    private bool HasRuntime(ParseResult parse, OutputKind kind)
    {
        bool isUsual = kind is OutputKind.Exe or OutputKind.Shared;
        string? wanted = parse.GetValue(_runtime);
        return wanted == DotnetRuntime && !isUsual
            ? throw new CommandException($"--kind {kind.Word()} cannot have the .NET runtime inside. Use --kind shared, or leave out --runtime.")
            : wanted is null ? isUsual : wanted == DotnetRuntime;
    }

    /// <summary>A program is built once and run elsewhere, so that auto means what nearly every machine of the last decade has.</summary>
    private static TargetIsa DefaultIsa(string target) => TargetIsa.TryParse(
        target.EndsWith("-arm64", StringComparison.Ordinal) ? "arm64" : target.EndsWith("-x64", StringComparison.Ordinal) ? "x86-64-v3" : "baseline")!;

    /// <summary>A name that is a file name on every system and a valid assembly name.</summary>
    private static string ExecutableName(string wanted)
    {
        string name = string.Concat(wanted.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).Trim('.');
        return name.Length > 0 ? name : "model";
    }

    private static NativeOutput Build(INativeBackend backend, NativeBuild build, Terminal terminal, CancellationToken cancellation)
    {
        string building = $"Building {build.Name} with {backend.Describe(build)}";
        return terminal.Progress(building, say => backend.Build(build, line => say($"{building}: {Path.GetFileName(line.Split(" -> ")[0])}"), cancellation));
    }

    /// <summary>Brings what was built to its place; returns the paths, the program or library first.</summary>
    private static string[] HandOver(string folder, NativeBuild build, NativeOutput output, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        if (build.Kind != OutputKind.Exe)
        {
            return LibraryFolder.Write(folder, output.Result, output.Files, build.Target, cancellation).Select(path => Path.Combine(folder, path)).ToArray();
        }

        string executable = Path.Combine(folder, Path.GetFileName(output.Files[0]));
        File.Copy(output.Files[0], executable, overwrite: true);
        return [executable];
    }

    private static void Write(Terminal terminal, NativeBuild build, bool hasRuntime, NativeOutput output, string model, string[] files)
    {
        var report = new BuildReport(
            model,
            build.Kind.Word(),
            files[0],
            new FileInfo(files[0]).Length,
            files,
            hasRuntime ? build.Framework : null,
            build.Target,
            build.Options.Isa.Name,
            output.Result.Plan!.Arena.ArenaBytes,
            output.Result.Plan.WeightBytes,
            output.StackBytes);
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.BuildReport);
            return;
        }

        Tables.Facts(
            terminal,
            [
                (build.Kind == OutputKind.Exe ? "executable" : "library", report.Path),
                .. files.Skip(1).Select(static f => (string.Empty, f)),
                ("size", $"{Tables.Number(report.Bytes)} bytes"),
                ("target", $"{report.RuntimeIdentifier}, {report.Isa}{(report.Framework is { } framework ? $", built with {framework}" : ", without a runtime")}"),
                ("arena", $"{Tables.Number(report.ArenaBytes)} bytes"),
                ("weights", $"{Tables.Number(report.WeightBytes)} bytes"),
                .. report.StackBytes is { } stack ? [("stack", $"{Tables.Number(stack)} bytes at most")] : Array.Empty<(string, string)>(),
            ]);
    }
}
