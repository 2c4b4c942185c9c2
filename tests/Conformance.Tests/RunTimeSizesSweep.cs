using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Conformance;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Import;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;

namespace AotCompiler.Conformance.Tests;

/// <summary>
/// Makes dimensions of models with data free, compiles them for a range, and compares what they compute at two sizes with the plain
/// evaluation of the same model compiled for each size. Only dimensions are tried that can have another size at all.
/// </summary>
internal static class RunTimeSizesSweep
{
    private const string Dimension = "n";

    /// <summary>What follows the name of a sequence in the name of its tensors' lengths.</summary>
    private const string Lengths = ".lengths";

    private const int BatchVariants = 40;

    /// <summary>The variants of a model: every way to make one dimension, or those that look like it, free.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">One tensor per input.</param>
    public static IEnumerable<SizeVariant> Variants(string name, OnnxModel model, IReadOnlyDictionary<string, TensorData> data)
    {
        if (!model.Graph.Inputs.All(i => i.Type is OnnxTensorType && data.ContainsKey(i.Name)))
        {
            yield break;
        }

        var seen = new HashSet<string>();
        foreach (string[] constants in ConstantChoices(model, data))
        {
            OnnxModel bound = WithConstants(model, data, constants);
            (string Input, int Axis, int Size)[] axes = model.Graph.Inputs
                .Where(i => !constants.Contains(i.Name))
                .SelectMany(i => data[i.Name].Shape.Select((size, axis) => (i.Name, axis, (int)size)))
                .Where(static a => a.Item3 > 0)
                .ToArray();
            foreach ((string Input, int Axis, int Size) first in axes)
            {
                (string Input, int Axis, int Size)[] same = axes.Where(a => a.Size == first.Size).ToArray();
                foreach ((string Input, int Axis, int Size)[] group in new[] { [first], same.Where(a => a.Axis == first.Axis).ToArray(), same })
                {
                    string key = string.Join(",", group.Select(static g => $"{g.Input}[{g.Axis}]"));
                    if (seen.Add(key) && TryVariant(name, bound, data, constants, group, key) is { } variant)
                    {
                        yield return variant;
                    }
                }
            }
        }
    }

    /// <summary>Compiles and runs variants.</summary>
    /// <param name="variants">The variants.</param>
    /// <param name="isa">Instruction set.</param>
    /// <param name="report">Gets one line per variant that is refused (<c>REFUSED</c>) or wrong (<c>WRONG</c>).</param>
    /// <returns>Number of variants that are right.</returns>
    public static int Run(IEnumerable<SizeVariant> variants, TargetIsa isa, Action<string> report)
    {
        var batch = new List<(SizeVariant Variant, CompilationResult Result)>();
        int passed = 0;
        int number = 0;
        foreach (SizeVariant variant in variants)
        {
            CompilationResult result = ModelCompiler.Compile(() => variant.Model, new string('0', 64), new CompilerOptions
            {
                Namespace = $"Variant{number++}",
                Isa = isa,
                CheckedArena = true,
                Dimensions = OptionParser.Dimensions($"{Dimension}={variant.Least}..{variant.Most}"),
            });
            if (result.Success)
            {
                batch.Add((variant, result));
            }
            else
            {
                ModelDiagnostic error = result.Diagnostics.First(static d => d.Severity == DiagnosticSeverity.Error);
                report($"{(error.Code == DiagnosticCodes.InternalError ? "WRONG" : "REFUSED")} {variant}: {error.Code} {error.Message.ReplaceLineEndings(" ")}");
            }

            if (batch.Count == BatchVariants)
            {
                passed += RunBatch(batch, report);
                batch.Clear();
            }
        }

        return passed + RunBatch(batch, report);
    }

    private static IEnumerable<string[]> ConstantChoices(OnnxModel model, IReadOnlyDictionary<string, TensorData> data)
    {
        string[] names = model.Graph.Inputs.Select(static i => i.Name).ToArray();
        string[] integers = names.Where(n => data[n].Type is OnnxDataType.Int64 or OnnxDataType.Int32).ToArray();
        yield return [];
        if (integers.Length > 0 && integers.Length < names.Length)
        {
            yield return integers;
        }

        if (names.Length > 1)
        {
            yield return names[1..];
        }
    }

    private static SizeVariant? TryVariant(
        string name, OnnxModel model, IReadOnlyDictionary<string, TensorData> data, string[] constants, (string Input, int Axis, int Size)[] group, string key)
    {
        OnnxModel free = WithFreeDimensions(model, group);
        int size = group[0].Size;
        if (Import(free, size) is null)
        {
            return null;
        }

        int other = new[] { size + 1, 2 * size, size - 1 }.FirstOrDefault(s => s > 0 && Import(free, s) is not null);
        if (other == 0)
        {
            return null;
        }

        int least = Import(free, 1) is not null ? 1 : Math.Min(size, other);
        return new SizeVariant($"{name} {key}{(constants.Length > 0 ? $" const {string.Join(",", constants)}" : string.Empty)}", free, [size, other], least, Math.Max(2 * size, other))
        {
            DataAt = at => free.Graph.Inputs.Where(i => !constants.Contains(i.Name)).ToDictionary(
                static i => i.Name,
                i => Resize(data[i.Name], data[i.Name].Shape.Select((s, axis) => group.Any(g => g.Input == i.Name && g.Axis == axis) ? at : s).ToArray())),
        };
    }

    private static Graph? Import(OnnxModel model, int size)
    {
        try
        {
            Graph graph = GraphImporter.Import(FunctionInliner.Inline(model), new CompilerOptions { Dimensions = OptionParser.Dimensions($"{Dimension}={size}") }, [], CancellationToken.None);
            return graph.IsRandom || graph.Sizes.Count > 0 || graph.Inputs.Count == 0 ? null : graph;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static int RunBatch(IReadOnlyList<(SizeVariant Variant, CompilationResult Result)> batch, Action<string> report)
    {
        if (batch.Count == 0)
        {
            return 0;
        }

        IReadOnlyList<ModelSession> sessions;
        try
        {
            sessions = ModelSession.LoadAll(batch.Select(static b => b.Result).ToArray(), CancellationToken.None);
        }
        catch (InvalidOperationException e)
        {
            if (batch.Count == 1)
            {
                report($"WRONG {batch[0].Variant}: {e.Message.ReplaceLineEndings(" ")}");
                return 0;
            }

            return RunBatch(batch.Take(batch.Count / 2).ToArray(), report) + RunBatch(batch.Skip(batch.Count / 2).ToArray(), report);
        }

        int passed = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            using ModelSession session = sessions[i];
            string? problem = batch[i].Variant.Sizes.Select(size => Compare(session, batch[i].Variant, size)).FirstOrDefault(static p => p is not null);
            if (problem is null)
            {
                passed++;
            }
            else
            {
                report($"WRONG {batch[i].Variant}: {problem}");
            }
        }

        return passed;
    }

    private static string? Compare(ModelSession session, SizeVariant variant, int size)
    {
        try
        {
            Graph graph = Import(variant.Model, size)!;
            Dictionary<string, TensorData> data = variant.DataAt(size);
            if (Interpret(graph, data) is not { } expected)
            {
                return null;
            }

            for (int i = 0; i < graph.Inputs.Count; i++)
            {
                session.Model.Input(i).Fill(0xFF);
            }

            session.SetInputs(data);
            session.Run();
            string[] names = graph.Outputs.Select(static o => o.Name).ToArray();
            (string Name, TensorData Data)[] outputs = session.GetOutputs().Select(static o => (o.Name, o.Data)).ToArray();
            var shapes = outputs.ToDictionary(static o => o.Name, static o => o.Data.Shape);
            return outputs.Select(output => Problem(output.Name, Expected(output.Name, shapes, names, expected), output.Data)).FirstOrDefault(static p => p is not null) is { } problem
                ? $"at {size}, {problem}"
                : null;
        }
        catch (Exception e) when (e is CommandException or ModelException or InvalidOperationException or ArgumentException)
        {
            return $"at {size}: {e.GetType().Name} {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>
    /// What an output holds: where one size makes tensors of a sequence and any size one tensor, the elements along a first dimension, or side by
    /// side and their lengths (ADR 17).
    /// </summary>
    private static Tensor Expected(string name, Dictionary<string, long[]> shapes, string[] names, IReadOnlyList<Tensor> outputs)
    {
        if (Array.IndexOf(names, name) is >= 0 and int index)
        {
            return outputs[index];
        }

        string sequence = name.EndsWith(Lengths, StringComparison.Ordinal) ? name[..^Lengths.Length] : name;
        Tensor[] elements = Enumerable.Range(0, names.Length)
            .Select(i => Array.IndexOf(names, TensorFile.Element(sequence, i)))
            .TakeWhile(static i => i >= 0)
            .Select(i => outputs[i])
            .ToArray();
        if (elements.Length == 0)
        {
            throw new InvalidOperationException($"No tensors are expected of \"{name}\".");
        }

        long[] shape = shapes[sequence];
        int axis = shape.Length > elements[0].Shape.Rank ? -1 : Enumerable.Range(0, shape.Length).FirstOrDefault(a => shape[a] != elements[0].Shape[a]);
        return sequence != name ? Tensor.Vector(elements.Select(e => (long)e.Shape[Math.Max(0, axis)]).ToArray()) : SideBySide(elements, axis);
    }

    /// <summary>Tensors along an axis, or along a new first one (-1).</summary>
    private static Tensor SideBySide(Tensor[] elements, int axis)
    {
        Shape first = elements[0].Shape;
        if (elements.Any(e => e.Shape.Rank != first.Rank || Enumerable.Range(0, first.Rank).Any(a => a != axis && e.Shape[a] != first[a])))
        {
            throw new InvalidOperationException("The tensors do not stand side by side.");
        }

        Shape shape = axis < 0 ? new(first.Dimensions.Prepend(elements.Length)) : first.With(axis, elements.Sum(e => e.Shape[axis]));
        if (elements[0].Type == ElementType.String)
        {
            return Tensor.OfStrings(shape, elements.SelectMany(static e => e.ToStrings()).ToArray());
        }

        int rows = (int)first.Product(0, Math.Max(0, axis));
        IEnumerable<byte> bytes = Enumerable.Range(0, rows).SelectMany(row => elements.SelectMany(e => e.Bytes.Slice(row * (e.Bytes.Length / rows), e.Bytes.Length / rows).ToArray()));
        return Tensor.FromBytes(elements[0].Type, shape, bytes.ToArray(), "expected");
    }

    private static string? Problem(string name, Tensor expected, TensorData actual)
    {
        if (expected.Type.Size() == 1 && expected.Type.IsFloat())
        {
            // The sign of a NaN is nobody's.
            return null;
        }

        TensorData wanted = ToData(expected);
        double rounding = TensorComparison.LargestMagnitude(wanted) * (wanted.Type == OnnxDataType.Float16 ? 2e-3 : wanted.Type == OnnxDataType.BFloat16 ? 2e-2 : 1e-6);
        TensorComparison comparison = TensorComparison.Compare(wanted, actual, rounding + 1e-6, 1e-4);
        return comparison.Passed ? null : $"output {name}: {comparison.Incomparable ?? $"{comparison.MismatchCount} of {wanted} differ, by {comparison.MaxAbs:g3}"}";
    }

    /// <summary>The expected outputs; null where the data are not valid at that size, such as an index beyond it.</summary>
    private static IReadOnlyList<Tensor>? Interpret(Graph graph, IReadOnlyDictionary<string, TensorData> data)
    {
        try
        {
            return GraphInterpreter.Run(graph, graph.Inputs.Select(v => ToTensor(data[v.Name])).ToArray());
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static OnnxModel WithFreeDimensions(OnnxModel model, (string Input, int Axis, int Size)[] group)
    {
        OnnxValueInfo Free(OnnxValueInfo input)
        {
            if (input.Type is not OnnxTensorType { Shape: { } shape } type)
            {
                return input;
            }

            IEnumerable<OnnxDimension> dimensions = shape.Dimensions.Select((d, axis) => group.Any(g => g.Input == input.Name && g.Axis == axis) ? new OnnxDimension(null, Dimension) : d);
            return input with { Type = type with { Shape = new OnnxShape([.. dimensions]) } };
        }

        static OnnxValueInfo Undeclared(OnnxValueInfo output) => output.Type is OnnxTensorType type ? output with { Type = type with { Shape = null } } : output;
        return model with { Graph = model.Graph with { Inputs = [.. model.Graph.Inputs.Select(Free)], Outputs = [.. model.Graph.Outputs.Select(Undeclared)], ValueInfo = [] } };
    }

    /// <summary>The model with some inputs compiled in and all others declared with the shapes of their data.</summary>
    public static OnnxModel WithConstants(OnnxModel model, IReadOnlyDictionary<string, TensorData> data, string[] constants)
    {
        IEnumerable<OnnxTensor> initializers = constants.Select(name => data[name].Type == OnnxDataType.String
            ? OnnxTensor.FromStrings(name, [.. data[name].Shape], [.. data[name].ToStrings().Select(static text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))])
            : OnnxTensor.FromBytes(name, data[name].Type, [.. data[name].Shape], data[name].Data));
        IEnumerable<OnnxValueInfo> inputs = model.Graph.Inputs.Where(i => !constants.Contains(i.Name)).Select(i => i with
        {
            Type = new OnnxTensorType(data[i.Name].Type, new OnnxShape([.. data[i.Name].Shape.Select(static d => new OnnxDimension(d, null))])),
        });
        return model with { Graph = model.Graph with { Inputs = [.. inputs], Initializers = [.. model.Graph.Initializers, .. initializers] } };
    }

    /// <summary>The tensor with other extents: repeated where they are larger, cut where they are smaller.</summary>
    private static TensorData Resize(TensorData data, long[] shape)
    {
        Tensor source = ToTensor(data);
        int size = source.Type.Size();
        var from = new int[new Shape(shape.Select(static d => (int)d)).ElementCount];
        for (int i = 0; i < from.Length; i++)
        {
            long rest = i;
            long stride = 1;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from[i] += (int)(rest % shape[axis] % data.Shape[axis] * stride);
                rest /= shape[axis];
                stride *= data.Shape[axis];
            }
        }

        if (data.Type == OnnxDataType.String)
        {
            string[] texts = source.ToStrings();
            return StringTensors.OfStrings(shape, from.Select(f => texts[f]).ToArray());
        }

        byte[] bytes = source.Bytes.ToArray();
        byte[] resized = from.SelectMany(f => bytes.AsSpan(f * size, size).ToArray()).ToArray();
        return new TensorData(data.Type, shape, source.Type.PackedBits() == 0 ? resized : PackedElements.Pack(resized, source.Type));
    }

    public static Tensor ToTensor(TensorData data)
    {
        var shape = new Shape(data.Shape.Select(static d => checked((int)d)));
        var type = (ElementType)(int)data.Type;
        return data.Type == OnnxDataType.String
            ? Tensor.OfStrings(shape, data.ToStrings(), "data")
            : Tensor.FromBytes(type, shape, type.PackedBits() == 0 ? data.Data : PackedElements.Unpack(data.Data, type, (int)shape.ElementCount), "data");
    }

    public static TensorData ToData(Tensor tensor)
    {
        long[] shape = tensor.Shape.Dimensions.Select(static d => (long)d).ToArray();
        return tensor.Type == ElementType.String
            ? StringTensors.OfStrings(shape, tensor.ToStrings())
            : new TensorData((OnnxDataType)(int)tensor.Type, shape, tensor.Type.PackedBits() == 0 ? tensor.Bytes.ToArray() : PackedElements.Pack(tensor.Bytes.ToArray(), tensor.Type));
    }
}

/// <summary>A model with a free dimension.</summary>
/// <param name="Name">The model and the dimension.</param>
/// <param name="Model">The model.</param>
/// <param name="Sizes">Sizes to run at.</param>
/// <param name="Least">Least size.</param>
/// <param name="Most">Greatest size.</param>
internal sealed record SizeVariant(string Name, OnnxModel Model, int[] Sizes, int Least, int Most)
{
    /// <summary>The inputs for a size.</summary>
    public required Func<int, Dictionary<string, TensorData>> DataAt { get; init; }

    public override string ToString() => $"{Name} ({Least}..{Most})";
}
