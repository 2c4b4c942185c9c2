using System;
using System.IO;

namespace AotCompiler.Cli.Tests.Support;

/// <summary>Files of the repository.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A model of <c>models/small</c>.</summary>
    public static string SmallModel(string name) => Path.Combine(Root, "models", "small", name, "model.onnx");

    /// <summary>A file of <c>models</c>.</summary>
    public static string Model(string folder, string file) => Path.Combine(Root, "models", folder, file);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AotCompiler.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run below the repository.");
    }
}
