using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using AotCompiler.Onnx.Proto;
using Shouldly;

namespace AotCompiler.Integration.Tests.Support;

/// <summary>A fresh project outside the repository that uses the package as any user would.</summary>
internal sealed class UserProject
{
    private readonly PackageFeed _feed;
    private readonly StringBuilder _items = new();
    private readonly StringBuilder _properties = new();

    public UserProject(PackageFeed feed, string name, string framework = "net10.0", string outputType = "Exe")
    {
        _feed = feed;
        Name = name;
        Framework = framework;
        Folder = Directory.CreateDirectory(Path.Combine(feed.Folder, name)).FullName;
        Property("OutputType", outputType);
        Property("TargetFramework", framework);
        Property("NuGetAudit", "false");
        Item($"""<PackageReference Include="AotCompiler" Version="{feed.Version}" />""");
    }

    public string Name { get; }

    public string Framework { get; }

    public string Folder { get; }

    public static string HostRid => $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    public UserProject Property(string name, string value)
    {
        _properties.AppendLine($"    <{name}>{value}</{name}>");
        return this;
    }

    public UserProject Item(string xml)
    {
        _items.AppendLine($"    {xml}");
        return this;
    }

    /// <summary>Adds one of the project's own models with all files beside it.</summary>
    public UserProject SmallModel(string name, string attributes = "")
    {
        string target = Directory.CreateDirectory(Path.Combine(Folder, "models", name)).FullName;
        foreach (string file in Directory.EnumerateFiles(Repository.SmallModel(name)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file) == "model.onnx" ? name + ".onnx" : Path.GetFileName(file)), overwrite: true);
        }

        return Item($"""<AdditionalFiles Include="models/{name}/{name}.onnx" {attributes} />""");
    }

    /// <summary>Adds a model from bytes.</summary>
    public UserProject Model(string name, byte[] bytes, string attributes = "")
    {
        Write(name + ".onnx", bytes);
        return Item($"""<AdditionalFiles Include="{name}.onnx" {attributes} />""");
    }

    public UserProject Code(string code)
    {
        Write("Code.cs", Encoding.UTF8.GetBytes(code));
        return this;
    }

    public void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(Folder, name), content);

    public ShellResult Build(params string[] arguments) => Dotnet("build", ["-nologo", "-v", "n", .. arguments]);

    public ShellResult Publish(params string[] arguments) => Dotnet("publish", ["-nologo", "-v", "n", .. arguments]);

    public ShellResult Dotnet(string verb, params string[] arguments)
    {
        string path = Path.Combine(Folder, Name + ".csproj");
        string project = $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
            {_properties}
              </PropertyGroup>
              <ItemGroup>
            {_items}
              </ItemGroup>
            </Project>
            """;

        // A project file with a new date would make the build do everything again.
        if (!File.Exists(path) || File.ReadAllText(path) != project)
        {
            File.WriteAllText(path, project);
        }

        return Shell.Run(Folder, "dotnet", [verb, .. arguments]);
    }

    /// <summary>
    /// Code that runs a class on the raw little-endian f32 files <c>NAME.in0…</c> and writes <c>NAME.out0…</c>, in C# 7.3.
    /// </summary>
    public static string Runner(string className, string name, int inputs, int outputs, string prefix)
    {
        var code = new StringBuilder();
        IEnumerable<string> reads = Enumerable.Range(0, inputs).Select(i => $"Data.Read(\"{name}.in{i}\")");
        IEnumerable<string> buffers = Enumerable.Range(0, outputs).Select(i => $"new float[new System.IO.FileInfo(\"{name}.out{i}.expected\").Length / 4]");
        code.Append($"var {prefix}In = new float[][] {{ {string.Join(", ", reads)} }}; var {prefix}Out = new float[][] {{ {string.Join(", ", buffers)} }};\n");
        code.Append($"using (var model = new {className}()) {{ model.Run({string.Join(", ", Enumerable.Range(0, inputs).Select(i => $"{prefix}In[{i}]").Concat(Enumerable.Range(0, outputs).Select(i => $"{prefix}Out[{i}]")))}); }}\n");
        for (int i = 0; i < outputs; i++)
        {
            code.Append($"Data.Write(\"{name}.out{i}\", {prefix}Out[{i}]);\n");
        }

        return code.ToString();
    }

    /// <summary>A program around such code.</summary>
    public static string Program(params string[] runners) => $$"""
        internal static class Data
        {
            internal static float[] Read(string path)
            {
                byte[] bytes = System.IO.File.ReadAllBytes(path);
                var data = new float[bytes.Length / 4];
                System.Buffer.BlockCopy(bytes, 0, data, 0, bytes.Length);
                return data;
            }

            internal static void Write(string path, float[] data)
            {
                var bytes = new byte[data.Length * 4];
                System.Buffer.BlockCopy(data, 0, bytes, 0, bytes.Length);
                System.IO.File.WriteAllBytes(path, bytes);
            }
        }

        internal static class Program
        {
            private static void Main()
            {
        {{string.Join("\n", runners)}}
                System.Console.WriteLine("done");
            }
        }
        """;

    /// <summary>Puts the first reference data set of an own model where <see cref="Runner"/> reads it.</summary>
    public void WriteReferenceData(string name)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.SmallModel(name), "test_data_set_0"), "*.pb"))
        {
            TensorProto tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(file));
            byte[] data = tensor.RawData.Length > 0 ? tensor.RawData.ToByteArray() : tensor.FloatData.SelectMany(static packed => packed.ToByteArray()).ToArray();
            string stem = Path.GetFileNameWithoutExtension(file);
            Write(stem.StartsWith("input_", StringComparison.Ordinal) ? $"{name}.in{stem[6..]}" : $"{name}.out{stem[7..]}.expected", data);
        }
    }

    /// <summary>Runs a program in the project's folder and compares what it wrote with the reference data.</summary>
    public void ShouldAnswer(string program, string[] arguments, params string[] names)
    {
        Shell.Run(Folder, program, arguments).ShouldSucceed().Output.Trim().ShouldEndWith("done");
        foreach (string name in names)
        {
            float[] actual = Floats($"{name}.out0");
            float[] expected = Floats($"{name}.out0.expected");
            for (int i = 0; i < expected.Length; i++)
            {
                Math.Abs(actual[i] - expected[i]).ShouldBeLessThanOrEqualTo(1e-5f + (1e-4f * Math.Abs(expected[i])), $"{name}, element {i}: {actual[i]}, expected {expected[i]}");
            }
        }
    }

    private float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, name))).ToArray();
}
