using System;
using System.Collections.Generic;
using System.IO;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Commands;

/// <summary>What the package's build targets ask of this program: a text file of <c>key=value</c> lines with percent-encoded values.</summary>
internal sealed class RequestFile
{
    private readonly string _path;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private RequestFile(string path) => _path = path;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">A line is no <c>key=value</c>.</exception>
    public static RequestFile Read(string path)
    {
        var request = new RequestFile(path);
        foreach (string line in File.ReadLines(path))
        {
            int equals = line.IndexOf('=');
            if (equals < 0)
            {
                throw new FormatException($"The request {path} has a line that is not key=value: {line}");
            }

            request._values[line[..equals]] = Uri.UnescapeDataString(line[(equals + 1)..]);
        }

        return request;
    }

    /// <summary>A value; null if it is missing or blank.</summary>
    public string? Optional(string key) => _values.TryGetValue(key, out string? value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    /// <summary>The value of a model's item, or else of the project's property.</summary>
    public string? ItemOrProject(string key) => Optional(key) ?? Optional($"project{char.ToUpperInvariant(key[0])}{key[1..]}");

    /// <summary>A value that must be there.</summary>
    /// <exception cref="FormatException">It is missing or blank.</exception>
    public string Required(string key) => Optional(key) ?? throw new FormatException($"The request {_path} has no {key}.");

    /// <summary>The options that the project gives to the generator as well.</summary>
    public OptionTexts Options => new()
    {
        ClassName = Optional("className"),
        Namespace = Optional("namespace"),
        RootNamespace = Optional("rootNamespace"),
        Dimensions = Optional("dimensions"),
        State = Optional("state"),
        Isa = ItemOrProject("isa"),
        Optimize = ItemOrProject("optimize"),
        Winograd = ItemOrProject("winograd"),
        NativeExports = ItemOrProject("nativeExports"),
        NativeName = Optional("nativeName"),
        NativeWeights = ItemOrProject("nativeWeights"),
        MemoryBudget = ItemOrProject("memoryBudget"),
        InlineWeightLimit = ItemOrProject("inlineWeightLimit"),
    };
}
