using System;
using System.Collections.Generic;
using System.IO;
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
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(path))
        {
            int equals = line.IndexOf('=');
            if (equals < 0)
            {
                throw new FormatException($"The request {path} has a line that is not key=value: {line}");
            }

            values[line[..equals]] = Uri.UnescapeDataString(line[(equals + 1)..]);
        }

        string Required(string key) => Optional(key) ?? throw new FormatException($"The request {path} has no {key}.");
        string? Optional(string key) => values.TryGetValue(key, out string? value) && !string.IsNullOrWhiteSpace(value) ? value : null;
        return new PackRequest(Required("model"), Required("output"), Required("record"), new OptionTexts
        {
            ClassName = Optional("className"),
            Namespace = Optional("namespace"),
            RootNamespace = Optional("rootNamespace"),
            Dimensions = Optional("dimensions"),
            State = Optional("state"),
            Isa = Optional("isa") ?? Optional("projectIsa"),
            Optimize = Optional("optimize") ?? Optional("projectOptimize"),
            Winograd = Optional("winograd") ?? Optional("projectWinograd"),
            NativeExports = Optional("nativeExports") ?? Optional("projectNativeExports"),
            NativeName = Optional("nativeName"),
            NativeWeights = Optional("nativeWeights") ?? Optional("projectNativeWeights"),
            MemoryBudget = Optional("memoryBudget") ?? Optional("projectMemoryBudget"),
            InlineWeightLimit = Optional("inlineWeightLimit") ?? Optional("projectInlineWeightLimit"),
        }, Optional("tuning"), Optional("nativeFolder"));
    }
}
