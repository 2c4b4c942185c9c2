using System;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Commands;

/// <summary>What one call of <see cref="PackCommand"/> is to do.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Output">Path of the assembly to write; its file name without extension is the assembly's name.</param>
/// <param name="Record">Path of the file that says the work is done.</param>
/// <param name="Options">The user's choices, as the project gives them to the generator.</param>
/// <param name="Tuning">Path of the model's tuning file; null if it has none.</param>
/// <param name="NativeFolder">Folder for what users of the C functions need; null if the project does not say.</param>
internal sealed record PackRequest(string Model, string Output, string Record, OptionTexts Options, string? Tuning, string? NativeFolder)
{
    /// <summary>Reads a request file.</summary>
    /// <exception cref="FormatException">A line is no <c>key=value</c>, or a path is missing.</exception>
    public static PackRequest Read(string path)
    {
        RequestFile file = RequestFile.Read(path);
        return new PackRequest(file.Required("model"), file.Required("output"), file.Required("record"), file.Options, file.Optional("tuning"), file.Optional("nativeFolder"));
    }
}
