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

namespace AotCompiler.Cli.Commands;

/// <summary>Makes a native executable of a model.</summary>
internal sealed class BuildCommand : ModelCommand
{
    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "DIR",
        Description = "Folder for the executable. It is made if it does not exist; nothing else is written there.",
        Required = true,
    };

    private readonly Option<string?> _name = new("--name")
    {
        HelpName = "NAME",
        Description = "Name of the executable. Default: that of the model file.",
    };

    // NativeAOT programs carry their runtime, so that the framework is no demand on the user's machine. The compiler
    // of .NET 9 is served whole where that of .NET 10 may lack its runtime pack.
    private readonly Option<string> _framework = new("--framework")
    {
        HelpName = string.Join("|", NativeTarget.Frameworks),
        Description = "Framework whose NativeAOT compiler is used; it is fetched from the package feed if needed.",
        DefaultValueFactory = static _ => NativeTarget.Frameworks[0],
    };

    private readonly Option<string?> _keep = new("--keep")
    {
        HelpName = "DIR",
        Description = "Keep the project that the executable is built from in this folder.",
    };

    public BuildCommand() => _framework.AcceptOnlyFromAmong(NativeTarget.Frameworks);

    public override string Name => "build";

    public override string Description => "Makes a native executable that runs a model on .npy or .pb files. Needs the .NET SDK and a C compiler's linker; the executable needs neither.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc build digits.onnx -o bin          then: bin/digits seven.npy -o results",
        "aotc build bert.onnx -o bin --dim batch=1 --dim seq=128 --isa x86-64-v4",
    ];

    protected override IEnumerable<Symbol> Symbols => [_output, _name, _framework, _keep];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        ModelSource source = ModelSource.Read(parse.GetRequiredValue(Options.Model));
        CompilerOptions options = Options.ToCompilerOptions(parse);
        options = options with { Isa = options.Isa == TargetIsa.Auto ? DefaultIsa() : options.Isa };
        var target = new NativeTarget(
            ExecutableName(parse.GetValue(_name) ?? options.ModelName), parse.GetRequiredValue(_framework), RuntimeInformation.RuntimeIdentifier, options.Isa);
        CompilationResult result = source.Compile(options, terminal, cancellation);
        if (result.Plan!.Schedule.UsesStrings)
        {
            throw new CommandException($"{source.Name} takes or gives strings, which the program's .npy and .pb files cannot hold. Use the model in a project of your own.");
        }

        string folder = Path.GetFullPath(parse.GetRequiredValue(_output));
        string executable = Build(result, target, folder, parse.GetValue(_keep), terminal, cancellation);
        Write(terminal, new BuildReport(
            source.Name,
            executable,
            new FileInfo(executable).Length,
            target.Framework,
            target.RuntimeIdentifier,
            target.Isa.Name,
            result.Plan!.Arena.ArenaBytes,
            result.Plan.WeightBytes));
        return ExitCode.Success;
    }

    /// <summary>A program is built once and run elsewhere, so that auto means what nearly every machine of the last decade has.</summary>
    private static TargetIsa DefaultIsa() =>
        TargetIsa.TryParse(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x86-64-v3")!;

    /// <summary>A name that is a file name on every system and a valid assembly name.</summary>
    private static string ExecutableName(string wanted)
    {
        string name = string.Concat(wanted.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).Trim('.');
        return name.Length > 0 ? name : "model";
    }

    private static string Build(
        CompilationResult result, NativeTarget target, string folder, string? keep, Terminal terminal, CancellationToken cancellation)
    {
        string project = keep is null ? Directory.CreateTempSubdirectory("aotc-").FullName : Directory.CreateDirectory(keep).FullName;
        try
        {
            NativeProject.Write(project, result, target, cancellation);
            string published = Path.Combine(project, "publish");
            string building = $"Building {target.Name} with NativeAOT ({target.Framework}, {target.Isa.Name})";
            terminal.Progress(building, say =>
            {
                NativePublisher.Publish(project, published, line => say($"{building}: {Path.GetFileName(line.Split(" -> ")[0])}"), cancellation);
                return published;
            });
            string file = target.Name + (OperatingSystem.IsWindows() ? ".exe" : string.Empty);
            Directory.CreateDirectory(folder);
            string executable = Path.Combine(folder, file);
            File.Copy(Path.Combine(published, file), executable, overwrite: true);
            return executable;
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(project, recursive: true);
            }
        }
    }

    private static void Write(Terminal terminal, BuildReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.BuildReport);
            return;
        }

        Tables.Facts(
            terminal,
            ("executable", report.Path),
            ("size", $"{Tables.Number(report.Bytes)} bytes"),
            ("target", $"{report.RuntimeIdentifier}, {report.Isa}, built with {report.Framework}"),
            ("arena", $"{Tables.Number(report.ArenaBytes)} bytes"),
            ("weights", $"{Tables.Number(report.WeightBytes)} bytes"));
    }
}
