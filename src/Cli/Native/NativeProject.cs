using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security;
using System.Text;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Data;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.InProcess;

namespace AotCompiler.Cli.Native;

/// <summary>Writes the project of a native program or library: generated code, weights, and the program around them.</summary>
internal static class NativeProject
{
    /// <summary>Frameworks whose runtime library ships with this program.</summary>
    public static readonly string[] Frameworks = ["net9.0", "net10.0"];

    private const string ResourcePrefix = "Host/";
    private const string InstructionSetTargets = "AotCompiler.NativeAot.targets";

    /// <summary>Writes all files into the build's folder, where <c>dotnet publish</c> finds everything it needs.</summary>
    public static void Write(NativeBuild build, CompilationResult result, CancellationToken cancellation)
    {
        string folder = build.WorkFolder;
        foreach (SourceFile source in result.Sources)
        {
            WriteText(folder, source.HintName, source.Text);
        }

        if (build.Kinds[0] == OutputKind.Exe)
        {
            WriteProgram(build, result);
        }

        if (result.Code!.WeightTypeName is not null)
        {
            PackedWeights.WriteTo(result, Path.Combine(folder, PackedWeights.FileName(result)), cancellation);
        }

        WriteText(folder, $"{build.Name}.csproj", Project(build, result));

        // Settings of a folder above must not reach the project.
        WriteText(folder, "Directory.Build.props", "<Project />\n");
        WriteText(folder, "Directory.Packages.props", "<Project />\n");
        WriteText(folder, "Directory.Build.targets", Targets());
        WriteText(folder, InstructionSetTargets, Resource(ResourcePrefix + InstructionSetTargets));
    }

    private static void WriteProgram(NativeBuild build, CompilationResult result)
    {
        foreach ((string name, string text) in HostSources())
        {
            WriteText(build.WorkFolder, name, text);
        }

        WriteText(build.WorkFolder, "Program.cs", ProgramWriter.Write(result, build.Name));
    }

    /// <summary>The runtime library for a framework, which ships beside this program.</summary>
    public static string RuntimePath(string framework)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "runtime", framework, "AotCompiler.Runtime.dll");
        return File.Exists(path) ? path : throw new CommandException($"{path} is missing: the installation is incomplete. Install aotc again.");
    }

    private static IEnumerable<(string Name, string Text)> HostSources() => typeof(NativeProject).Assembly.GetManifestResourceNames()
        .Where(static n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal) && n.EndsWith(".cs", StringComparison.Ordinal))
        .Select(static n => (n.Substring(ResourcePrefix.Length), Resource(n)));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(NativeProject).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Project(NativeBuild build, CompilationResult result)
    {
        string assembly = Path.GetFileNameWithoutExtension(build.Kinds[0].FileName(build.Name, build.Target));
        string output = build.Kinds[0] == OutputKind.Exe ? "<OutputType>Exe</OutputType>" : "<OutputType>Library</OutputType><NativeLib>Shared</NativeLib>";

        // Linkers note a library's own name in the programs that use it; without one they note the path that it had.
        string soname = build.Kinds[0] == OutputKind.Shared && build.Target.StartsWith("linux-", StringComparison.Ordinal)
            ? $"    <LinkerArg Include=\"-Wl,-soname,{assembly}.so\" />\n"
            : string.Empty;
        string weights = result.Code!.WeightTypeName is null ? string.Empty : Reference(PackedWeights.FileName(result));
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                {output}
                <TargetFramework>{build.Framework}</TargetFramework>
                <RuntimeIdentifier>{build.Target}</RuntimeIdentifier>
                <AssemblyName>{SecurityElement.Escape(assembly)}</AssemblyName>
                <LangVersion>latest</LangVersion>
                <Nullable>enable</Nullable>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <PublishAot>true</PublishAot>
                <AotCompilerIsa>{build.Options.Isa.Name}</AotCompilerIsa>
                <InvariantGlobalization>true</InvariantGlobalization>
                <UseSystemResourceKeys>true</UseSystemResourceKeys>
                <StackTraceSupport>false</StackTraceSupport>
                <EventSourceSupport>false</EventSourceSupport>
                <DebuggerSupport>false</DebuggerSupport>
                <IlcDisableReflection>true</IlcDisableReflection>
                <IlcDisableVxsort>true</IlcDisableVxsort>
                <DebugType>none</DebugType>
                <Deterministic>true</Deterministic>
                <PathMap>$(MSBuildProjectDirectory)=/model</PathMap>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <DirectPInvoke Include="libc" Condition="'$(OS)' != 'Windows_NT'" />
            {Reference(RuntimePath(build.Framework))}{weights}{soname}  </ItemGroup>
            </Project>
            """;
    }

    /// <summary>The package's own choice of instruction sets; there is no model among the files of this project for it to find.</summary>
    private static string Targets() => $"""
        <Project>
          <Target Name="AotCompilerFindModels" />
          <Import Project="{InstructionSetTargets}" />
        </Project>
        """;

    private static string Reference(string path) =>
        $"    <Reference Include=\"{SecurityElement.Escape(Path.GetFileNameWithoutExtension(path))}\" HintPath=\"{SecurityElement.Escape(path)}\" />\n";

    private static void WriteText(string folder, string name, string text) =>
        File.WriteAllText(Path.Combine(folder, name), text, SourceFile.Encoding);
}
