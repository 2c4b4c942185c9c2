using System;
using System.Collections.Generic;
using System.IO;
using AotCompiler.Cli.Fuzzing;
using AotCompiler.Onnx.Proto;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Models that mutations start from.</summary>
internal static class FuzzSeeds
{
    /// <summary>The project's own small models, in name order; always there.</summary>
    public static IReadOnlyList<ModelProto> Committed() => SeedModels.OfFolder(Path.Combine(RepositoryRoot(), "models", "small"));

    /// <summary>The models of the conformance suite; none where it is absent.</summary>
    public static IReadOnlyList<ModelProto> Conformance() =>
        SharedData.Root is { } root ? SeedModels.OfFolder(Path.Combine(root, "onnx-backend", "node")) : [];

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
