using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Numerics;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Data;

/// <summary>A tensor from a file.</summary>
/// <param name="Name">The name the file gives it; empty if it gives none.</param>
/// <param name="Path">The file.</param>
/// <param name="Data">The tensor.</param>
internal sealed record TensorFile(string Name, string Path, TensorData Data)
{
    /// <summary>Name of an element of a sequence.</summary>
    public static string Element(string sequence, int index) => string.Create(CultureInfo.InvariantCulture, $"{sequence}[{index}]");

    /// <summary>Reads the tensors of a value: of a sequence one per element, of an empty optional none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="declared">What the model declares the value to be; null if that is not known.</param>
    /// <exception cref="CommandException">The file cannot be read or holds something else.</exception>
    public static IReadOnlyList<TensorFile> ReadAll(string path, OnnxValueInfo? declared) =>
        declared is not null && IsStructured(declared.Type)
            ? Guarded(path, () => SequenceFile.Parse(File.ReadAllBytes(path), declared.Name, declared.Type).Select(t => Of(t.Name, path, t.Tensor)).ToArray())
            : [Read(path)];

    /// <summary>Reads the arrays of a <c>.npz</c> file.</summary>
    /// <exception cref="CommandException">The file cannot be read or holds something else.</exception>
    public static IReadOnlyList<TensorFile> ReadArchive(string path) =>
        Guarded(path, () => NpzFile.Read(path).Select(array => new TensorFile(array.Name, path, array.Data)).ToArray());

    private static bool IsStructured(OnnxType? type) => type is OnnxOptionalType || (type is OnnxSequenceType { ElementType: { } element } && (element is OnnxTensorType || IsStructured(element)));

    /// <summary>Reads a <c>.npy</c> file, a <c>.pb</c> file that holds a TensorProto, or a <c>.json</c> file that holds a list of maps.</summary>
    /// <exception cref="CommandException">The file cannot be read or holds something else.</exception>
    public static TensorFile Read(string path)
    {
        return Guarded(path, () =>
        {
            switch (System.IO.Path.GetExtension(path).ToLowerInvariant())
            {
                case ".npy":
                    return new TensorFile(string.Empty, path, NpyFile.Read(path));
                case ".pb":
                    OnnxTensor tensor = OnnxReader.ReadTensor(File.ReadAllBytes(path));
                    return Of(tensor.Name, path, tensor);
                case ".json":
                    return MapFile.Read(path);
                default:
                    throw new CommandException($"{path} is neither a .npy nor a .pb nor a .json file. Save the array with numpy.save, or as an ONNX TensorProto; a sequence of maps as a JSON array of objects.");
            }
        });
    }

    private static TensorFile Of(string name, string path, OnnxTensor tensor) => new(name, path, StringTensors.Of(tensor));

    /// <summary>Says what is wrong with a file that cannot be read.</summary>
    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ModelException e)
        {
            throw new CommandException($"{path}: {e.Diagnostic.Message}", e.Diagnostic.Code);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException(e.Message.Contains(path, StringComparison.Ordinal) ? e.Message : $"{path}: {e.Message}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"{path} does not exist. Check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be read: {e.Message}");
        }
    }
}
