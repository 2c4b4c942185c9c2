using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;

namespace AotCompiler.Host;

/// <summary>An input or output of the model that the program runs.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="FileName">File an output is written to.</param>
internal sealed record HostSlot(string Name, OnnxDataType Type, long[] Shape, string FileName)
{
    public override string ToString() => $"{Name}  {Type.DisplayName()} {TensorData.Format(Shape)}";
}

/// <summary>The command line of a native program that runs one model on arrays from files.</summary>
/// <remarks>Built into the program by <c>aotc build</c>; small and free of reflection, because all of it is in the binary.</remarks>
internal static unsafe class HostProgram
{
    private const nuint Alignment = 64;

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="name">Name of the model.</param>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="outputs">The model's outputs.</param>
    /// <param name="model">The model.</param>
    /// <returns>0 for success, 1 if a file or the run failed, 2 if the command line is wrong.</returns>
    public static int Run(string[] arguments, string name, HostSlot[] inputs, HostSlot[] outputs, HostModel model)
    {
        string folder = ".";
        var files = new List<string>();
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "-h" or "-?" or "--help":
                    HostConsole.WriteLine(Help(name, inputs, outputs));
                    return 0;
                case "-o" or "--output" when i + 1 < arguments.Length:
                    folder = arguments[++i];
                    break;
                case "-o" or "--output":
                    return Usage(name, "-o needs a folder.");
                default:
                    files.Add(arguments[i]);
                    break;
            }
        }

        try
        {
            return MatchFiles(inputs, files, out string problem) is { } matched
                ? RunOn(matched, folder, inputs, outputs, model)
                : Usage(name, problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The framework's own messages are left out of the program.
            HostConsole.WriteErrorLine($"{name}: error: A file cannot be read or written ({(e is IOException ? "input or output failed" : "access is denied")}). Check permissions and free space.");
            return 1;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            HostConsole.WriteErrorLine($"{name}: error: {e.Message}");
            return 1;
        }
    }

    private static string Help(string name, HostSlot[] inputs, HostSlot[] outputs)
    {
        string text = $"Runs the model {name} on arrays from .npy files, or .pb files with an ONNX TensorProto.\n\n"
            + $"Usage: {name} [-o DIR] [NAME=]FILE ...\n\n"
            + "A file without NAME= is for the next input that has none. Outputs are written to DIR, by default the current folder.\n\nInputs:\n";
        foreach (HostSlot input in inputs)
        {
            text += "  " + input.ToString() + "\n";
        }

        text += "\nOutputs:\n";
        foreach (HostSlot output in outputs)
        {
            text += "  " + output.ToString() + "  -> " + output.FileName + "\n";
        }

        return text;
    }

    private static int Usage(string name, string problem)
    {
        HostConsole.WriteErrorLine($"{name}: error: {problem} Run '{name} --help' for what can be given.");
        return 2;
    }

    /// <summary>The file of each input; null with a reason if they do not fit.</summary>
    private static string[]? MatchFiles(HostSlot[] inputs, List<string> arguments, out string problem)
    {
        problem = string.Empty;
        var files = new string?[inputs.Length];
        var unnamed = new Queue<string>();
        foreach (string argument in arguments)
        {
            int index = Array.FindIndex(inputs, input => argument.StartsWith(input.Name + "=", StringComparison.Ordinal));
            if (index < 0)
            {
                unnamed.Enqueue(argument);
                continue;
            }

            if (files[index] is not null)
            {
                problem = $"Input '{inputs[index].Name}' is given twice.";
                return null;
            }

            files[index] = argument.Substring(inputs[index].Name.Length + 1);
        }

        for (int i = 0; i < files.Length; i++)
        {
            if (files[i] is null && !unnamed.TryDequeue(out files[i]))
            {
                problem = $"There is no file for input '{inputs[i].Name}'.";
                return null;
            }
        }

        if (unnamed.TryDequeue(out string? left))
        {
            problem = $"'{left}' is one file more than the model has inputs.";
            return null;
        }

        return files!;
    }

    private static int RunOn(string[] files, string folder, HostSlot[] inputs, HostSlot[] outputs, HostModel model)
    {
        byte** inputPointers = stackalloc byte*[inputs.Length];
        byte** outputPointers = stackalloc byte*[outputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            TensorData data = ReadInput(inputs[i], files[i]);
            inputPointers[i] = Allocate(data.Data.Length);
            data.Data.CopyTo(new Span<byte>(inputPointers[i], data.Data.Length));
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            outputPointers[i] = Allocate(ByteLength(outputs[i]));
        }

        byte* state = Allocate(model.StateBytes);
        new Span<byte>(state, model.StateBytes).Clear();
        if (model.Run(inputPointers, outputPointers, Allocate(model.ArenaBytes), state) != 0)
        {
            throw new InvalidDataException("An index computed from the inputs is out of range.");
        }

        Directory.CreateDirectory(folder);
        for (int i = 0; i < outputs.Length; i++)
        {
            byte[] data = new ReadOnlySpan<byte>(outputPointers[i], ByteLength(outputs[i])).ToArray();
            string path = Path.Combine(folder, outputs[i].FileName);
            NpyFile.Write(path, new TensorData(outputs[i].Type, outputs[i].Shape, data));
            HostConsole.WriteLine(outputs[i].ToString() + "  " + path);
        }

        return 0;
    }

    private static TensorData ReadInput(HostSlot input, string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} does not exist.");
        }

        TensorData data = path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? NpyFile.Read(path)
            : path.EndsWith(".pb", StringComparison.OrdinalIgnoreCase) ? TensorProtoFile.Read(path)
            : throw new InvalidDataException($"{path} is neither a .npy nor a .pb file.");
        return data.Type == input.Type && data.Shape.AsSpan().SequenceEqual(input.Shape)
            ? data
            : throw new InvalidDataException($"{path} is {data.ToString()}, but input '{input.Name}' is {input.Type.DisplayName()} {TensorData.Format(input.Shape)}.");
    }

    private static int ByteLength(HostSlot slot) => TensorData.TryByteLength(slot.Type, slot.Shape, out long bytes)
        ? (int)bytes
        : throw new InvalidDataException($"'{slot.Name}' is too large for an array.");

    private static byte* Allocate(int length) => (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, length), Alignment);
}
