using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Data;

/// <summary>Inputs and the outputs that a reference computed from them.</summary>
internal sealed class TestDataSet
{
    private readonly Func<IReadOnlyList<(string Name, TensorData Data)>> _readInputs;
    private readonly Func<IReadOnlyList<TensorFile>> _readOutputs;

    private TestDataSet(string name, Func<IReadOnlyList<(string Name, TensorData Data)>> readInputs, Func<IReadOnlyList<TensorFile>> readOutputs)
    {
        Name = name;
        _readInputs = readInputs;
        _readOutputs = readOutputs;
    }

    /// <summary>Name for people: that of its folder or file.</summary>
    public string Name { get; }

    /// <summary>
    /// The data sets of a model, in the order of their numbers. A folder holds <c>test_data_set_N</c> folders, or is one
    /// itself, with files <c>input_N.pb</c> and <c>output_N.pb</c> (or .npy), or holds <c>.npz</c> files with arrays named after the
    /// model's inputs and outputs. Without a folder they are sought beside the model: in a folder of the model's name, then in the
    /// model's own, then as <c>NAME_output_N.pb</c> without inputs.
    /// </summary>
    /// <param name="modelPath">Path of the model.</param>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="folder">Where to look, or a .npz file; null for beside the model.</param>
    public static IReadOnlyList<TestDataSet> Find(string modelPath, ModelInputs inputs, string? folder)
    {
        if (folder is not null)
        {
            return Directory.Exists(folder) ? FindIn(folder, inputs)
                : File.Exists(folder) && IsArchive(folder) ? [FromArchive(folder, inputs)]
                : throw new CommandException($"The folder {folder} does not exist. Give the folder of test_data_set_0, one with input_0.pb and output_0.pb, or a .npz file.");
        }

        string stem = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelPath))!, Path.GetFileNameWithoutExtension(modelPath));
        foreach (string candidate in new[] { stem, Path.GetDirectoryName(stem)! })
        {
            if (Directory.Exists(candidate) && FindIn(candidate, inputs) is { Count: > 0 } sets)
            {
                return sets;
            }
        }

        string[] outputs = Numbered(Path.GetDirectoryName(stem)!, $"{Path.GetFileName(stem)}_output_");
        return outputs.Length == 0 ? [] : [new TestDataSet(Path.GetFileName(stem), () => RampInputs(inputs), () => ReadFiles(outputs, inputs.Outputs))];
    }

    /// <summary>The inputs, each with the name its file gives it.</summary>
    public IReadOnlyList<(string Name, TensorData Data)> ReadInputs() => _readInputs();

    /// <summary>The expected outputs, each with the name its file gives it.</summary>
    /// <exception cref="CommandException">There are none, or one cannot be read.</exception>
    public IReadOnlyList<TensorFile> ReadOutputs() => _readOutputs();

    /// <summary>Pairs expected with computed outputs: by name where the file's tensor has the name of an output, else by position.</summary>
    /// <exception cref="CommandException">More is expected than the model computes.</exception>
    /// <returns>Each with the position of the model's output.</returns>
    public static IEnumerable<(string Name, TensorData Expected, TensorData Actual, int Output)> PairOutputs(
        IReadOnlyList<TensorFile> expected, IReadOnlyList<(string Name, TensorData Data)> actual)
    {
        IReadOnlyList<(string Name, TensorData Data, int Output)> found = SequenceOutputs.TakenApart(expected, actual);
        for (int i = 0; i < expected.Count; i++)
        {
            int index = Enumerable.Range(0, found.Count).FirstOrDefault(k => found[k].Name == expected[i].Name, i);
            if (index >= found.Count)
            {
                throw new CommandException($"The data set has {expected.Count} outputs, the model {actual.Count}.");
            }

            yield return (found[index].Name, MapFile.InOrderOf(expected[i].Data, found[index].Data), found[index].Data, found[index].Output);
        }
    }

    private static List<TestDataSet> FindIn(string folder, ModelInputs model)
    {
        var sets = Directory.EnumerateDirectories(folder, "test_data_set_*")
            .OrderBy(static path => Number(path, "test_data_set_"))
            .ThenBy(static path => path, StringComparer.Ordinal)
            .Select(path => FromFolder(path, model))
            .ToList();
        if (sets.Count == 0 && Numbered(folder, "output_").Length > 0)
        {
            sets.Add(FromFolder(folder, model));
        }

        return sets.Count > 0 ? sets : Directory.EnumerateFiles(folder)
            .Where(path => IsArchive(path) && Describes(path, model))
            .Order(StringComparer.Ordinal)
            .Select(path => FromArchive(path, model))
            .ToList();
    }

    private static bool IsArchive(string path) => string.Equals(Path.GetExtension(path), NpzFile.Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>True if an archive has an array for each input, and others.</summary>
    private static bool Describes(string path, ModelInputs model)
    {
        IReadOnlyList<string> names = NpzFile.Names(path);
        return model.Required.All(input => names.Contains(input.Name)) && names.Count > model.Required.Count;
    }

    /// <summary>The arrays with the names of inputs, and the others as outputs.</summary>
    private static TestDataSet FromArchive(string path, ModelInputs model)
    {
        var arrays = new Lazy<ILookup<bool, TensorFile>>(() => TensorFile.ReadArchive(path).ToLookup(array => model.IsInput(array.Name)));
        return new TestDataSet(
            Path.GetFileName(path),
            () => arrays.Value[true].Select(static array => (array.Name, array.Data)).ToArray(),
            () => arrays.Value[false].ToArray() is { Length: > 0 } outputs
                ? outputs
                : throw new CommandException($"{path} has inputs only. Save the expected outputs too, each under its name: {string.Join(", ", model.Outputs.Select(static o => $"'{o.Name}'"))}."));
    }

    private static TestDataSet FromFolder(string folder, ModelInputs model)
    {
        string[] inputs = Numbered(folder, "input_");
        return new TestDataSet(
            Path.GetFileName(Path.GetFullPath(folder)),
            () => inputs.SelectMany((path, i) => TensorFile.ReadAll(path, model.Required.ElementAtOrDefault(i))).Select(static file => (file.Name, file.Data)).ToArray(),
            () => ReadFiles(Numbered(folder, "output_"), model.Outputs));
    }

    private static TensorFile[] ReadFiles(string[] paths, IReadOnlyList<OnnxValueInfo> declared) => paths.Length > 0
        ? paths.SelectMany((path, i) => TensorFile.ReadAll(path, declared.ElementAtOrDefault(i))).ToArray()
        : throw new CommandException("The data set has no output files: output_0.pb is missing.");

    /// <summary>Files PREFIX0.pb, PREFIX1.pb … (or .npy), in the order of their numbers.</summary>
    private static string[] Numbered(string folder, string prefix) => Directory.EnumerateFiles(folder, $"{prefix}*")
        .Where(path => Path.GetExtension(path) is ".pb" or ".npy" or ".json" && Number(path, prefix) < int.MaxValue)
        .OrderBy(path => Number(path, prefix))
        .ToArray();

    private static int Number(string path, string prefix) =>
        int.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : int.MaxValue;

    /// <summary>
    /// Inputs of networks whose outputs alone are on file. ONNX's own test runner feeds these with i / n for element i of n,
    /// rounded to f32, and takes 1 for every free dimension (onnx/backend/test/runner, generate_dummy_data).
    /// </summary>
    private static (string Name, TensorData Data)[] RampInputs(ModelInputs inputs) =>
        inputs.Required.Select(static input => (input.Name, Ramp(input))).ToArray();

    private static TensorData Ramp(OnnxValueInfo input)
    {
        if (input.Type is not OnnxTensorType { ElementType: OnnxDataType.Float, Shape: { } declared })
        {
            throw new CommandException($"Expected outputs without inputs are defined for float inputs of a declared shape only, which '{input.Name}' is not. Give a folder with inputs by --data.");
        }

        long[] shape = declared.Dimensions.Select(static d => d.Value is >= 0 ? d.Value.Value : 1).ToArray();
        if (!TensorData.TryByteLength(OnnxDataType.Float, shape, out long bytes))
        {
            throw new CommandException($"Input '{input.Name}' {declared} is too large.");
        }

        long count = bytes / sizeof(float);
        var data = new byte[bytes];
        for (long i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(data.AsSpan((int)(i * sizeof(float))), (float)((double)i / count));
        }

        return new TensorData(OnnxDataType.Float, shape, data);
    }
}
