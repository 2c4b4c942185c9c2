using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Compiler;

namespace AotCompiler.Tests.Support;

/// <summary>The models of <c>models/small</c>, which the project made itself.</summary>
internal static class SmallModels
{
    /// <summary>Names, sorted.</summary>
    public static IReadOnlyList<string> All { get; } = Directory.EnumerateDirectories(Repository.PathOf("models", "small"))
        .Where(static folder => File.Exists(Path.Combine(folder, "model.onnx")))
        .Select(static folder => Path.GetFileName(folder))
        .Order(StringComparer.Ordinal)
        .ToArray();

    /// <summary>Path of a model.</summary>
    public static string PathOf(string name) => Repository.PathOf("models", "small", name, "model.onnx");

    /// <summary>Options with values for the free dimensions of the model that has some beside the batch.</summary>
    public static CompilerOptions OptionsOf(string name) => new()
    {
        ModelName = name,
        Dimensions = name == "shape-arithmetic"
            ? new EquatableArray<DimensionBinding>(new DimensionBinding("height", 10), new DimensionBinding("width", 14))
            : EquatableArray<DimensionBinding>.Empty,
    };
}
