using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Native.Freestanding;
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
        FreestandingKind kind = build.Kind switch
        {
            OutputKind.Object or OutputKind.Shared => FreestandingKind.Object,
            OutputKind.Static => FreestandingKind.Static,
            _ => throw new CommandException($"--kind {build.Kind.Word()} needs the .NET runtime. Use --kind static, object or shared."),
        };
        IlcCompiler ilc;
        try
        {
            ilc = IlcPackage.Find(NativePublisher.DotnetPath(), cancellation);
        }
        catch (IlcException e)
        {
            throw new CommandException(e.Message);
        }

        var request = new FreestandingRequest(build.Options, target, Sets(target, build.Options.Isa.Name), kind) { WorkFolder = build.WorkFolder };
        FreestandingOutput output = new FreestandingBackEnd(build.Compile, ilc).Build(request, cancellation);
        string file = Path.Combine(build.WorkFolder, output.FileName);
        File.WriteAllBytes(file, output.Bytes);
        return new NativeOutput(output.Result, [build.Kind == OutputKind.Shared ? Link(build, file, cancellation) : file]) { StackBytes = output.StackBytes };
    }

    private static string Link(NativeBuild build, string file, CancellationToken cancellation)
    {
        string name = build.Kind.FileName(build.Name, build.Target);
        string library = Path.Combine(build.WorkFolder, name);
        SharedLinker.Link(build.Target, file, library, name, cancellation);
        return library;
    }

    /// <summary>The instruction set of a name; without a choice all that the target's code can choose from when it runs, or its usual one.</summary>
    private static IReadOnlyList<InstructionSet> Sets(FreestandingTarget target, string isa)
    {
        if (isa == "auto")
        {
            return target.ChoosesAtRunTime ? target.InstructionSets : [target.Usual];
        }

        if (isa is "arm64" or "baseline")
        {
            return [target.InstructionSets[0]];
        }

        return isa.Split('|').Select(name => target.InstructionSets.FirstOrDefault(s => s.Name == name)
            ?? throw new CommandException($"{target} has no instruction set {name}. It has {string.Join(", ", target.InstructionSets)}.")).ToArray();
    }
}
