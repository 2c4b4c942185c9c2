using System;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Tests.Support;
using AotCompiler.Collections;
using AotCompiler.Compiler;

namespace AotCompiler.Freestanding.Tests.Support;

/// <summary>The models of the repository.</summary>
internal static class TestModels
{
    /// <summary>Reads a model: <c>digits</c>, the name of one in models/small or of <see cref="TypedModels"/>, or the path of one in the folder of shared models.</summary>
    public static ModelSource Read(string name) => ModelSource.Read(Path(name));

    /// <summary>Path of a model's file.</summary>
    public static string Path(string name) =>
        TypedModels.TryPath(name) is { } typed ? typed
        : name == "digits" ? Repository.Model("digits", "digits.onnx")
        : name.Contains('/', StringComparison.Ordinal) ? System.IO.Path.Combine(Shared, "models", name, "model.onnx")
        : Repository.SmallModel(name);

    /// <summary>Models and reference data outside the repository.</summary>
    public static string Shared => Environment.GetEnvironmentVariable("AOTC_SHARED") ?? System.IO.Path.Combine(Repository.Root, "..", "shared");

    /// <summary>Options with values for the free dimensions of the model that has some beside the batch.</summary>
    public static CompilerOptions Options(string name) => new()
    {
        ModelName = name,
        Dimensions = name == "shape-arithmetic"
            ? new EquatableArray<DimensionBinding>(new DimensionBinding("height", 10), new DimensionBinding("width", 14))
            : EquatableArray<DimensionBinding>.Empty,
    };
}
