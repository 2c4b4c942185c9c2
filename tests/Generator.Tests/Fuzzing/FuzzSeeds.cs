using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Onnx.Proto;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Models that mutations start from.</summary>
internal static class FuzzSeeds
{
    /// <summary>Larger files make a run slow and have the same structure.</summary>
    private const int MaxBytes = 20_000;

    /// <summary>The project's own small models, in name order; always there.</summary>
    public static IReadOnlyList<ModelProto> Committed() => Load(Path.Combine(RepositoryRoot(), "models", "small"));

    /// <summary>The models of the conformance suite; none where it is absent.</summary>
    public static IReadOnlyList<ModelProto> Conformance() =>
        SharedData.Root is { } root ? Load(Path.Combine(root, "onnx-backend", "node")) : [];

    private static ModelProto[] Load(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "model.onnx", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .Where(static bytes => bytes.Length <= MaxBytes)
            .Select(static bytes => ModelProto.Parser.ParseFrom(bytes))
            .ToArray()
        : [];

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AotCompiler.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("AotCompiler.sln lies in no folder above the tests.");
    }
}
