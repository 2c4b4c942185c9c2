using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Native.Packaging;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Planning;

namespace AotCompiler.Cli.Native;

/// <summary>Makes native programs and C libraries of a model, holds them against their budgets, and brings them to their place.</summary>
/// <param name="terminal">Told what is being done, and shown a table where a budget is exceeded.</param>
internal sealed class NativeBuilder(Terminal terminal)
{
    /// <summary>Builds all kinds of an order. Kinds without a runtime are made of one object. Nothing is written to the folder unless all is built and within budget.</summary>
    /// <exception cref="CommandException">Something cannot be built; the message says why and what to do.</exception>
    /// <exception cref="ModelException">The model cannot be compiled, or a budget is exceeded (AOTC0408).</exception>
    public IReadOnlyList<NativeProduct> Build(NativeOrder order, CancellationToken cancellation)
    {
        string work = order.KeepFolder is null ? Directory.CreateTempSubdirectory("aotc-").FullName : Directory.CreateDirectory(order.KeepFolder).FullName;
        try
        {
            (bool HasRuntime, OutputKind[] Kinds)[] groups = order.Kinds.GroupBy(kind => HasRuntime(order, kind)).Select(static g => (g.Key, g.ToArray())).ToArray();
            var built = new List<(NativeBuild Build, bool HasRuntime, NativeOutput Output)>();
            foreach ((bool hasRuntime, OutputKind[] kinds) in groups)
            {
                string folder = groups.Length == 1 ? work : Directory.CreateDirectory(Path.Combine(work, hasRuntime ? "dotnet" : "none")).FullName;
                NativeBuild build = Describe(order, kinds, hasRuntime, folder, cancellation);
                built.Add((build, hasRuntime, Run(hasRuntime ? new NativeAotBackend() : new FreestandingLibraries(), build, cancellation)));
                RequireSizes(order, built[^1].Output);
            }

            return built.SelectMany(b => HandOver(order, b.Build, b.HasRuntime, b.Output, cancellation)).ToArray();
        }
        finally
        {
            if (order.KeepFolder is null)
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    /// <summary>True if the .NET runtime's used parts are to be inside.</summary>
    private static bool HasRuntime(NativeOrder order, OutputKind kind)
    {
        bool isUsual = kind is OutputKind.Exe or OutputKind.Shared;
        return order.HasRuntime is true && !isUsual
            ? throw new CommandException($"A library of kind {kind.Word()} cannot have the .NET runtime inside. Use kind shared, or do not ask for the runtime.")
            : order.HasRuntime ?? isUsual;
    }

    private NativeBuild Describe(NativeOrder order, IReadOnlyList<OutputKind> kinds, bool hasRuntime, string folder, CancellationToken cancellation) => new(
        options => WithinTime(order, order.Source.Compile(options, terminal, cancellation)),
        hasRuntime && order.Options.Isa == TargetIsa.Auto ? order.Options with { Isa = DefaultIsa(order.Target) } : order.Options,
        kinds,
        kinds[0] == OutputKind.Exe ? order.ProgramName : order.Options.Native!.Name!,
        order.Target,
        order.Framework,
        folder)
    {
        Packages = order.Packages,
    };

    /// <summary>A program is built once and run elsewhere, so that auto means what nearly every machine of the last decade has.</summary>
    private static TargetIsa DefaultIsa(string target) => TargetIsa.TryParse(
        target.EndsWith("-arm64", StringComparison.Ordinal) ? "arm64" : target.EndsWith("-x64", StringComparison.Ordinal) ? "x86-64-v3" : "baseline")!;

    private NativeOutput Run(INativeBackend backend, NativeBuild build, CancellationToken cancellation)
    {
        string building = $"Building {build.Name} with {backend.Describe(build)}";
        return terminal.Progress(building, say => backend.Build(build, line => say($"{building}: {Path.GetFileName(line.Split(" -> ")[0])}"), cancellation));
    }

    /// <summary>The compilation, if its estimated time is within the budget.</summary>
    private CompilationResult WithinTime(NativeOrder order, CompilationResult result)
    {
        DeviceSpeed speed = DeviceSpeed.Of(result.Code!.Native?.IsaName ?? string.Empty, order.Target);
        if (order.BudgetMilliseconds is { } budget && Budget.CheckTime(result.Plan!.Schedule, speed, budget) is { } over)
        {
            BudgetTable.Write(terminal, result.Plan, speed);
            throw new ModelException(over);
        }

        return result;
    }

    private void RequireSizes(NativeOrder order, NativeOutput output)
    {
        foreach (string file in output.Products)
        {
            if (order.BudgetKilobytes is { } budget && Budget.CheckSize(Path.GetFileName(file), new FileInfo(file).Length, budget) is { } over)
            {
                BudgetTable.Write(terminal, output.Result.Plan!, DeviceSpeed.Of(output.Result.Code!.Native?.IsaName ?? string.Empty, order.Target));
                throw new ModelException(over);
            }
        }
    }

    /// <summary>Brings what was built to its place.</summary>
    private static IEnumerable<NativeProduct> HandOver(NativeOrder order, NativeBuild build, bool hasRuntime, NativeOutput output, CancellationToken cancellation)
    {
        Directory.CreateDirectory(order.Folder);
        for (int i = 0; i < build.Kinds.Count; i++)
        {
            // What belongs to the library beside it, as a Windows library's table of imports, is handed over with the first.
            string[] files = i == 0 ? [output.Products[0], .. output.Companions] : [output.Products[i]];
            yield return new NativeProduct(
                build.Kinds[i],
                hasRuntime ? build.Framework : null,
                build.Options.Isa.Name,
                build.Kinds[i] == OutputKind.Exe ? [Place(files[0], order.Folder)] : Library(order, output, files, cancellation),
                output.Result)
            {
                StackBytes = output.StackBytes,
            };
        }
    }

    private static string[] Library(NativeOrder order, NativeOutput output, string[] files, CancellationToken cancellation) =>
        LibraryFolder.Write(order.Folder, output.Result, files, order.Target, cancellation).Select(path => Path.Combine(order.Folder, path)).ToArray();

    private static string Place(string file, string folder)
    {
        string executable = Path.Combine(folder, Path.GetFileName(file));
        File.Copy(file, executable, overwrite: true);
        return executable;
    }
}
