using System;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Native.Freestanding;
using AotCompiler.Compiler;
using AotCompiler.Freestanding.Ilc;
using AotCompiler.Freestanding.Targets;

namespace AotCompiler.Cli.Native;

/// <summary>Objects, static and shared libraries without any runtime.</summary>
internal sealed class FreestandingLibraries : INativeBackend
{
    public string Describe(NativeBuild build) => $"no runtime ({build.Target}, {build.Options.Isa.Name})";

    public NativeOutput Build(NativeBuild build, Action<string> say, CancellationToken cancellation)
    {
        FreestandingTarget target = FreestandingTarget.TryParse(build.Target)
            ?? throw new CommandException($"There is no code without a runtime for {build.Target}. Known targets are {string.Join(", ", FreestandingTarget.All)}.");
        if (build.Kinds.Contains(OutputKind.Exe))
        {
            throw new CommandException("A program needs the .NET runtime. Use kind static, object or shared.");
        }

        SharedLinker? linker = build.Kinds.Contains(OutputKind.Shared) ? SharedLinker.Of(build.Target) : null;
        InstructionSet[] sets = Sets(target, build.Options.Isa.Name);
        var request = new FreestandingRequest(build.Options, target, sets, FreestandingKind.Object) { WorkFolder = build.WorkFolder };
        FreestandingOutput output = new FreestandingBackEnd(build.Compile, FindCompiler(build.Packages, say, cancellation)).Build(request, cancellation);
        string[] files = build.Kinds.Select(kind => kind == OutputKind.Shared
            ? Link(linker!, build, Write(build.WorkFolder, output), cancellation)
            : Write(build.WorkFolder, kind == OutputKind.Static ? output with { Kind = FreestandingKind.Static } : output)).ToArray();
        return new NativeOutput(output.Result, files, []) { StackBytes = output.StackBytes };
    }

    /// <summary>The target's instruction set of a name; its usual one without a choice, its least for a name that means no more than the processor.</summary>
    /// <exception cref="CommandException">It has none of that name.</exception>
    public static InstructionSet SetOf(FreestandingTarget target, string isa)
    {
        if (isa == TargetIsa.Auto.Name)
        {
            return target.Usual;
        }

        bool isLeast = isa == "baseline" || isa == target.Architecture;
        return (isLeast ? target.InstructionSets[0] : target.Find(isa))
            ?? throw new CommandException($"Target {target} has no instruction set '{isa}'. It has: {string.Join(", ", target.InstructionSets)}.");
    }

    /// <summary>NativeAOT's compiler, fetched if it is not there.</summary>
    /// <exception cref="CommandException">It cannot be had.</exception>
    public static IlcCompiler FindCompiler(PackageSources packages, Action<string> say, CancellationToken cancellation)
    {
        try
        {
            return IlcPackage.Find(NativePublisher.DotnetPath(), packages, say, cancellation);
        }
        catch (IlcException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static string Write(string folder, FreestandingOutput output)
    {
        string file = Path.Combine(folder, output.FileName);
        File.WriteAllBytes(file, output.Bytes);
        return file;
    }

    private static string Link(SharedLinker linker, NativeBuild build, string file, CancellationToken cancellation)
    {
        string name = OutputKind.Shared.FileName(build.Name, build.Target);
        string library = Path.Combine(build.WorkFolder, name);
        linker.Link(file, library, name, cancellation);
        return library;
    }

    /// <summary>The instruction set of a name; without a choice all that the target's code can choose from when it runs, or its usual one.</summary>
    private static InstructionSet[] Sets(FreestandingTarget target, string isa)
    {
        return isa == TargetIsa.Auto.Name && target.ChoosesAtRunTime
            ? [.. target.InstructionSets]
            : isa.Split('|').Select(name => SetOf(target, name)).ToArray();
    }
}
