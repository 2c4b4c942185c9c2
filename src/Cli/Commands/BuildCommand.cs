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
using AotCompiler.Emission;

namespace AotCompiler.Cli.Commands;

/// <summary>Makes a native program or C library of a model.</summary>
internal sealed class BuildCommand : ModelCommand
{
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

    private readonly Option<string?> _keep = new("--keep")
    {
        HelpName = "DIR",
        Description = "Keep the project that the program or library is built from in this folder.",
    };

    public BuildCommand()
    {
        _framework.AcceptOnlyFromAmong(NativeProject.Frameworks);
        _kind.AcceptOnlyFromAmong(OutputKinds.Words);
    }

    public override string Name => "build";

    public override string Description => "Makes a native program that runs a model on .npy or .pb files, or a C library. Needs the .NET SDK and a C compiler's linker; what is made needs neither.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc build digits.onnx -o bin          then: bin/digits seven.npy -o results",
        "aotc build digits.onnx -o digits-c --kind shared          then: cc main.c $(pkg-config --cflags --libs digits)",
        "aotc build bert.onnx -o bin --dim batch=1 --dim seq=128 --isa x86-64-v4",
    ];

    protected override IEnumerable<Symbol> Symbols => [_output, _kind, _name, _target, _weights, _framework, _keep];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        ModelSource source = ModelSource.Read(parse.GetRequiredValue(Options.Model));
        OutputKind kind = OutputKinds.Parse(parse.GetRequiredValue(_kind));
        string target = parse.GetValue(_target) ?? RuntimeInformation.RuntimeIdentifier;
        CompilerOptions options = ToOptions(parse, source, kind, target);
        INativeBackend backend = BackendFor(kind);
        CompilationResult result = source.Compile(options, terminal, cancellation);
        if (kind == OutputKind.Exe && result.Plan!.Schedule.UsesStrings)
        {
            throw new CommandException($"{source.Name} takes or gives strings, which the program's .npy and .pb files cannot hold. Use the model in a project of your own.");
        }

        string? keep = parse.GetValue(_keep);
        string work = keep is null ? Directory.CreateTempSubdirectory("aotc-").FullName : Directory.CreateDirectory(keep).FullName;
        string name = result.Code!.Native?.Name ?? ExecutableName(parse.GetValue(_name) ?? options.ModelName);
        var build = new NativeBuild(result, kind, name, target, options.Isa, parse.GetRequiredValue(_framework), work);
        try
        {
            string folder = Path.GetFullPath(parse.GetRequiredValue(_output));
            IReadOnlyList<string> built = Build(backend, build, terminal, cancellation);
            Write(terminal, build, source.Name, HandOver(folder, build, built, cancellation));
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

    private CompilerOptions ToOptions(ParseResult parse, ModelSource source, OutputKind kind, string target)
    {
        string? name = parse.GetValue(_name);
        OptionTexts texts = kind == OutputKind.Exe ? new OptionTexts() : new OptionTexts
        {
            NativeExports = "true",
            NativeName = name ?? CNames.Library(source.Title),
            NativeWeights = parse.GetValue(_weights),
        };
        CompilerOptions options = Options.ToCompilerOptions(parse, texts);
        return options with { Isa = options.Isa == TargetIsa.Auto ? DefaultIsa(target) : options.Isa };
    }

    private static INativeBackend BackendFor(OutputKind kind) => kind is OutputKind.Exe or OutputKind.Shared
        ? new NativeAotBackend()
        : throw new CommandException($"--kind {kind.Word()} is not available in this version. Use --kind shared.");

    /// <summary>A program is built once and run elsewhere, so that auto means what nearly every machine of the last decade has.</summary>
    private static TargetIsa DefaultIsa(string target) => TargetIsa.TryParse(
        target.EndsWith("-arm64", StringComparison.Ordinal) ? "arm64" : target.EndsWith("-x64", StringComparison.Ordinal) ? "x86-64-v3" : "baseline")!;

    /// <summary>A name that is a file name on every system and a valid assembly name.</summary>
    private static string ExecutableName(string wanted)
    {
        string name = string.Concat(wanted.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).Trim('.');
        return name.Length > 0 ? name : "model";
    }

    private static IReadOnlyList<string> Build(INativeBackend backend, NativeBuild build, Terminal terminal, CancellationToken cancellation)
    {
        string building = $"Building {build.Name} with {backend.Describe(build)}";
        return terminal.Progress(building, say => backend.Build(build, line => say($"{building}: {Path.GetFileName(line.Split(" -> ")[0])}"), cancellation));
    }

    /// <summary>Brings what was built to its place; returns the paths, the program or library first.</summary>
    private static string[] HandOver(string folder, NativeBuild build, IReadOnlyList<string> built, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        if (build.Kind != OutputKind.Exe)
        {
            return LibraryFolder.Write(folder, build.Result, built, build.Target, cancellation).Select(path => Path.Combine(folder, path)).ToArray();
        }

        string executable = Path.Combine(folder, Path.GetFileName(built[0]));
        File.Copy(built[0], executable, overwrite: true);
        return [executable];
    }

    private static void Write(Terminal terminal, NativeBuild build, string model, string[] files)
    {
        var report = new BuildReport(
            model,
            build.Kind.Word(),
            files[0],
            new FileInfo(files[0]).Length,
            files,
            build.Framework,
            build.Target,
            build.Isa.Name,
            build.Result.Plan!.Arena.ArenaBytes,
            build.Result.Plan.WeightBytes);
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
                ("target", $"{report.RuntimeIdentifier}, {report.Isa}, built with {report.Framework}"),
                ("arena", $"{Tables.Number(report.ArenaBytes)} bytes"),
                ("weights", $"{Tables.Number(report.WeightBytes)} bytes"),
            ]);
    }
}
