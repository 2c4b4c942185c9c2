using System;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Native;

/// <summary>Programs and shared libraries by the .NET SDK's own NativeAOT, with the parts of the .NET runtime that they use.</summary>
internal sealed class NativeAotBackend : INativeBackend
{
    public string Describe(NativeBuild build) => $"NativeAOT ({build.Framework}, {build.Options.Isa.Name})";

    public NativeOutput Build(NativeBuild build, Action<string> say, CancellationToken cancellation)
    {
        OutputKind kind = build.Kinds.Single();
        CompilationResult result = build.Compile(build.Options);
        if (kind == OutputKind.Exe && result.Plan!.Schedule.UsesStrings)
        {
            throw new CommandException($"Model {build.Options.ModelName} takes or gives strings, which the program's .npy and .pb files cannot hold. Use the model in a project of your own.");
        }

        NativeProject.Write(build, result, cancellation);
        string published = Path.Combine(build.WorkFolder, "publish");
        NativePublisher.Publish(build.WorkFolder, published, build.Packages, say, cancellation);
        string file = Path.Combine(published, kind.FileName(build.Name, build.Target));
        if (!File.Exists(file))
        {
            throw new CommandException($"dotnet publish made no {Path.GetFileName(file)} for {build.Target}. Build with --keep DIR and look at its publish folder.");
        }

        // What the linker makes beside a Windows library for programs that link with it.
        string[] imports = kind == OutputKind.Shared
            ? Directory.EnumerateFiles(build.WorkFolder, $"{build.Name}.lib", SearchOption.AllDirectories).Take(1).ToArray()
            : [];
        return new NativeOutput(result, [file], imports);
    }
}
