using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;

namespace AotCompiler.Cli.Native;

/// <summary>Programs and shared libraries by the .NET SDK's own NativeAOT, with the parts of the .NET runtime that they use.</summary>
internal sealed class NativeAotBackend : INativeBackend
{
    public string Describe(NativeBuild build) => $"NativeAOT ({build.Framework}, {build.Isa.Name})";

    public IReadOnlyList<string> Build(NativeBuild build, Action<string> say, CancellationToken cancellation)
    {
        NativeProject.Write(build, cancellation);
        string published = Path.Combine(build.WorkFolder, "publish");
        NativePublisher.Publish(build.WorkFolder, published, say, cancellation);
        string file = Path.Combine(published, build.Kind.FileName(build.Name, build.Target));
        if (!File.Exists(file))
        {
            throw new CommandException($"dotnet publish made no {Path.GetFileName(file)} for {build.Target}. Build with --keep DIR and look at its publish folder.");
        }

        // What the linker makes beside a Windows library for programs that link with it.
        string[] imports = build.Kind == OutputKind.Shared
            ? Directory.EnumerateFiles(build.WorkFolder, $"{build.Name}.lib", SearchOption.AllDirectories).Take(1).ToArray()
            : [];
        return [file, .. imports];
    }
}
