using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Data;

/// <summary>Sequences of maps from keys to f32, as a JSON array of objects; in memory a matrix with a column for each key.</summary>
internal static class MapFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="CommandException">The file is no array of objects that map the same keys to numbers.</exception>
    public static TensorFile Read(string path)
    {
        using JsonDocument document = Parse(path);
        if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.EnumerateArray().Any(static e => e.ValueKind != JsonValueKind.Object))
        {
            throw new CommandException($"{path} is no JSON array of objects.");
        }

        JsonElement[] maps = document.RootElement.EnumerateArray().ToArray();
        string[] keys = maps.SelectMany(static m => m.EnumerateObject().Select(static p => p.Name)).Distinct(StringComparer.Ordinal).ToArray();
        float[] values = maps.SelectMany(map => keys.Select(key => Number(path, map, key))).ToArray();
        byte[] data = values.SelectMany(BitConverter.GetBytes).ToArray();
        return new TensorFile(string.Empty, path, new TensorData(OnnxDataType.Float, [maps.Length, keys.Length], data) { Keys = keys });
    }

    /// <summary>The expected maps with their columns in the order that the computed ones have; anything else as it is.</summary>
    /// <exception cref="CommandException">One has a key that the other has not.</exception>
    public static TensorData InOrderOf(TensorData expected, TensorData actual)
    {
        if (expected.Keys is not { } keys || actual.Keys is not { } wanted || expected.Shape.Length != 2)
        {
            return expected;
        }

        int[] order = wanted.Select(key => keys.ToList().IndexOf(key)).ToArray();
        if (order.Contains(-1) || keys.Count != wanted.Count)
        {
            throw new CommandException($"The expected maps have the keys {string.Join(", ", keys)}, the computed ones {string.Join(", ", wanted)}.");
        }

        var data = new byte[expected.Data.Length];
        for (int i = 0; i < expected.Count; i++)
        {
            int row = i / keys.Count;
            Array.Copy(expected.Data, sizeof(float) * ((row * keys.Count) + order[i % keys.Count]), data, sizeof(float) * i, sizeof(float));
        }

        return new TensorData(expected.Type, expected.Shape, data) { Keys = wanted };
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new CommandException($"{path} is no JSON: {e.Message}");
        }
    }

    private static float Number(string path, JsonElement map, string key) =>
        map.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetSingle()
        : value.ValueKind == JsonValueKind.String && float.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number
        : throw new CommandException($"{path}: a map has no number for the key '{key}'.");
}
