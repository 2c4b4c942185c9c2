using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Lowering.Tuning;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AotCompiler.Compiler;

/// <summary>Reads the file that <c>aotc tune</c> writes beside a model: <c>digits.onnx</c> has <c>digits.tune.json</c>.</summary>
internal static class TuningFile
{
    /// <summary>What the file's name ends with, instead of the model's <c>.onnx</c>.</summary>
    public const string Suffix = ".tune.json";

    /// <summary>Version of the format and of the texts that name layers and choices.</summary>
    public const int Version = 1;

    private const int MaxCharacters = 16 << 20;
    private const int MaxDepth = 8;

    /// <summary>Path of the tuning file that belongs to a model.</summary>
    public static string PathFor(string modelPath) =>
        (modelPath.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? modelPath.Substring(0, modelPath.Length - ".onnx".Length) : modelPath) + Suffix;

    /// <summary>Parses a file. What is wrong with it is in <see cref="TuningTable.Problem"/>.</summary>
    /// <param name="path">Its path, of which only the file name is kept.</param>
    /// <param name="json">Its text; null if it could not be read.</param>
    public static TuningTable Parse(string path, string? json)
    {
        string name = Path.GetFileName(path);
        try
        {
            return json is null ? Broken(name, "it cannot be read") : json.Length > MaxCharacters ? Broken(name, "it is too long") : Read(name, json);
        }
        catch (Exception e) when (e is InvalidJsonException or InvalidProtocolBufferException or FormatException)
        {
            return Broken(name, e.Message);
        }
    }

    private static TuningTable Read(string name, string json)
    {
        Struct root = new JsonParser(new JsonParser.Settings(MaxDepth)).Parse<Struct>(json);
        double version = Number(root, "version");
        if (version != Version)
        {
            return Broken(name, $"its version is {version.ToString(CultureInfo.InvariantCulture)}, this compiler reads version {Version}");
        }

        return new TuningTable
        {
            FileName = name,
            ModelSha256 = Text(root, "model"),
            VectorBits = (int)Math.Max(0, Math.Min(4096, Number(root, "vectorBits"))),
            Layers = new EquatableArray<TunedLayer>(List(root, "layers").Select(static l => new TunedLayer(Text(l, "layer"), Text(l, "choice"))).ToArray()),
        };
    }

    private static TuningTable Broken(string name, string problem) => new() { FileName = name, Problem = problem };

    private static Value Field(Struct parent, string key, Value.KindOneofCase kind) =>
        parent.Fields.TryGetValue(key, out Value value) && value.KindCase == kind ? value : throw new FormatException($"\"{key}\" is missing or of another type");

    private static double Number(Struct parent, string key) => Field(parent, key, Value.KindOneofCase.NumberValue).NumberValue;

    private static string Text(Struct parent, string key) => Field(parent, key, Value.KindOneofCase.StringValue).StringValue;

    private static IEnumerable<Struct> List(Struct parent, string key) => Field(parent, key, Value.KindOneofCase.ListValue).ListValue.Values
        .Select(v => v.KindCase == Value.KindOneofCase.StructValue ? v.StructValue : throw new FormatException($"\"{key}\" has an entry that is no object"));
}
