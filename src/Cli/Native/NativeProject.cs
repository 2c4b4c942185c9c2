using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
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

/// <summary>What a native program is made for.</summary>
/// <param name="Name">Name of the program, without extension.</param>
/// <param name="Framework">Target framework whose NativeAOT compiler is used.</param>
/// <param name="RuntimeIdentifier">Operating system and processor, such as <c>linux-x64</c>.</param>
/// <param name="Isa">Instruction set.</param>
internal sealed record NativeTarget(string Name, string Framework, string RuntimeIdentifier, TargetIsa Isa)
{
    /// <summary>Frameworks whose runtime library ships with this program.</summary>
    public static readonly string[] Frameworks = ["net9.0", "net10.0"];
}

/// <summary>Writes the project of a native program: generated code, weights, and the program around them.</summary>
internal static class NativeProject
{
    private const string ResourcePrefix = "Host/";
    private const string InstructionSetTargets = "AotCompiler.NativeAot.targets";

    /// <summary>Writes all files into a folder, where <c>dotnet publish</c> finds everything it needs.</summary>
    public static void Write(string folder, CompilationResult result, NativeTarget target, CancellationToken cancellation)
    {
        foreach (SourceFile source in result.Sources)
        {
            WriteText(folder, source.HintName, source.Text);
        }

        foreach ((string name, string text) in HostSources())
        {
            WriteText(folder, name, text);
        }

        ModelSignature signature = ModelSession.Signature(result);
        WriteText(folder, $"{ModelAdapter.ClassName(0)}.cs", ModelAdapter.Write(signature, 0));
        WriteText(folder, "Program.cs", Program(result, target));
        if (result.Code!.WeightTypeName is not null)
        {
            PackedWeights.WriteTo(result, Path.Combine(folder, PackedWeights.FileName(result)), cancellation);
        }

        WriteText(folder, $"{target.Name}.csproj", Project(result, target));

        // Settings of a folder above must not reach the project.
        WriteText(folder, "Directory.Build.props", "<Project />\n");
        WriteText(folder, "Directory.Packages.props", "<Project />\n");
        WriteText(folder, "Directory.Build.targets", Targets());
    }

    /// <summary>The runtime library for a framework, which ships beside this program.</summary>
    public static string RuntimePath(string framework)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "runtime", framework, "AotCompiler.Runtime.dll");
        return File.Exists(path) ? path : throw new CommandException($"{path} is missing: the installation is incomplete. Install aotc again.");
    }

    private static IEnumerable<(string Name, string Text)> HostSources()
    {
        Assembly assembly = typeof(NativeProject).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(static n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            yield return (resource.Substring(ResourcePrefix.Length), reader.ReadToEnd());
        }
    }

    private static string Program(CompilationResult result, NativeTarget target)
    {
        Ir.Graph graph = result.Plan!.Schedule.Graph;
        string[] files = OutputFileNames.For(graph.Outputs.Select(static o => o.Name));
        return $$"""
            using AotCompiler.Host;
            using AotCompiler.Onnx;

            internal static class Program
            {
                private static int Main(string[] arguments) => HostProgram.Run(arguments, {{Literal.Of(target.Name)}}, Inputs, Outputs, static () => new {{ModelAdapter.ClassName(0)}}());

                private static HostSlot[] Inputs => new HostSlot[]
                {
            {{string.Concat(graph.Inputs.Select(static v => Slot(v.Name, v, string.Empty)))}}    };

                private static HostSlot[] Outputs => new HostSlot[]
                {
            {{string.Concat(graph.Outputs.Select((o, i) => Slot(o.Name, o.Value, files[i])))}}    };
            }
            """;
    }

    private static string Slot(string name, Ir.Value value, string file)
    {
        string shape = value.Shape.Rank == 0 ? "new long[0]" : $"new long[] {{ {string.Join(", ", value.Shape.Dimensions)} }}";
        return $"        new HostSlot({Literal.Of(name)}, (OnnxDataType){(int)value.Type}, {shape}, {Literal.Of(file)}),\n";
    }

    private static string Project(CompilationResult result, NativeTarget target)
    {
        string weights = result.Code!.WeightTypeName is null ? string.Empty : Reference(PackedWeights.FileName(result));
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{target.Framework}</TargetFramework>
                <RuntimeIdentifier>{target.RuntimeIdentifier}</RuntimeIdentifier>
                <AssemblyName>{SecurityElement.Escape(target.Name)}</AssemblyName>
                <LangVersion>latest</LangVersion>
                <Nullable>enable</Nullable>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <PublishAot>true</PublishAot>
                <AotCompilerIsa>{target.Isa.Name}</AotCompilerIsa>
                <InvariantGlobalization>true</InvariantGlobalization>
                <UseSystemResourceKeys>true</UseSystemResourceKeys>
                <StackTraceSupport>false</StackTraceSupport>
                <EventSourceSupport>false</EventSourceSupport>
                <DebuggerSupport>false</DebuggerSupport>
                <DebugType>none</DebugType>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <DirectPInvoke Include="libc" Condition="'$(OS)' != 'Windows_NT'" />
            {Reference(RuntimePath(target.Framework))}{weights}  </ItemGroup>
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
