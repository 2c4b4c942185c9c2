using System;
using System.IO;
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
    /// <summary>Reads a <c>.npy</c> file, a <c>.pb</c> file that holds a TensorProto, or a <c>.json</c> file that holds a list of maps.</summary>
    /// <exception cref="CommandException">The file cannot be read or holds something else.</exception>
    public static TensorFile Read(string path)
    {
        try
        {
            switch (System.IO.Path.GetExtension(path).ToLowerInvariant())
            {
                case ".npy":
                    return new TensorFile(string.Empty, path, NpyFile.Read(path));
                case ".pb":
                    OnnxTensor tensor = OnnxReader.ReadTensor(File.ReadAllBytes(path));
                    return new TensorFile(tensor.Name, path, TensorData.Of(tensor));
                case ".json":
                    return MapFile.Read(path);
                default:
                    throw new CommandException($"{path} is neither a .npy nor a .pb nor a .json file. Save the array with numpy.save, or as an ONNX TensorProto; a sequence of maps as a JSON array of objects.");
            }
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
