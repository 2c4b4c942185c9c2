using System.IO;
using System.Runtime.CompilerServices;
using AotCompiler.Cli.Compilation;
using AotCompiler.Collections;
using AotCompiler.Compiler;

namespace AotCompiler.Freestanding.Tests.Support;

/// <summary>The models of the repository.</summary>
internal static class TestModels
{
    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    /// <summary>Reads a model: <c>digits</c>, or the name of one in models/small.</summary>
    public static ModelSource Read(string name) => ModelSource.Read(name == "digits"
        ? Path.Combine(Root(), "models", "digits", "digits.onnx")
        : Path.Combine(Root(), "models", "small", name, "model.onnx"));

    /// <summary>Options with values for the free dimensions of the model that has some beside the batch.</summary>
    public static CompilerOptions Options(string name) => new()
    {
        ModelName = name,
        Dimensions = name == "shape-arithmetic"
            ? new EquatableArray<DimensionBinding>(new DimensionBinding("height", 10), new DimensionBinding("width", 14))
            : EquatableArray<DimensionBinding>.Empty,
    };
}
