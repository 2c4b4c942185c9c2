using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;

namespace AotCompiler.Cli.Fuzzing;

/// <summary>Models that mutants are made of.</summary>
internal static class SeedModels
{
    /// <summary>Larger files of a folder make a run slow and have the same structure.</summary>
    public const int MaxBytes = 20_000;

    /// <summary>The models of a folder, at any depth, in name order, that are not large.</summary>
    public static IReadOnlyList<ModelProto> OfFolder(string folder) => Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Where(static path => new FileInfo(path).Length <= MaxBytes)
        .Select(static path => TryRead(path))
        .OfType<ModelProto>()
        .ToArray();

    /// <summary>A model; null if the file is none.</summary>
    public static ModelProto? TryRead(string path)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
