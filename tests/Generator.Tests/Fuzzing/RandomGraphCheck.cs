using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx.Proto;
using AotCompiler.Operators;
using AotCompiler.Tests.Support;
using Google.Protobuf;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Compares compiled models with the interpreter, and makes those that differ as small as it can.</summary>
internal static class RandomGraphCheck
{
    /// <summary>Errors of f32 arithmetic in chains of up to 15 operators, relative to the output's largest element.</summary>
    private const double Tolerance = 2e-4;

    /// <summary>One text for each model that is wrong.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<(string Name, ModelProto Model)> models, string isa)
    {
        IReadOnlyList<CompiledModel> compiled;
        try
        {
            compiled = CompiledModel.CompileAll(models.Select(static m => m.Model.ToByteArray()), isa);
        }
        catch (InvalidOperationException)
        {
            // One model is refused, or its code does not compile: find it.
            return models.Count == 1
                ? [Report(models[0].Name, models[0].Model, isa)]
                : models.SelectMany(m => Problems([m], isa));
        }

        return models.Where((m, i) => Difference(m.Model, compiled[i]) is not null).Select(m => Report(m.Name, m.Model, isa)).ToArray();
    }

    /// <summary>What is wrong with the model, or null.</summary>
    public static string? Difference(ModelProto model, string isa)
    {
        try
        {
            return Difference(model, CompiledModel.Compile(model.ToByteArray(), isa));
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    private static string? Difference(ModelProto model, CompiledModel compiled)
    {
        if (Environment.GetEnvironmentVariable("AOTC_FUZZ_OUTPUT") is { } folder)
        {
            // A write to foreign memory may end the process: the model must be on the disk before.
            File.WriteAllBytes(Path.Combine(folder, "current-graph.onnx"), model.ToByteArray());
        }

        Graph graph = OperatorCheck.Import(model.ToByteArray());
        var random = new Random(1);
        Tensor[] inputs = graph.Inputs.Select(v => Eighths(v, random)).ToArray();
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(graph, inputs);
        IReadOnlyList<Tensor> actual;
        try
        {
            actual = compiled.Run(inputs);
        }
        catch (NullReferenceException e)
        {
            return e.ToString();
        }

        return expected.Select((e, i) => Difference(e, actual[i], graph.Outputs[i].Name)).FirstOrDefault(static d => d is not null);
    }

    /// <summary>Inputs are multiples of 1/8, so that sums and scalings of them are exact.</summary>
    private static Tensor Eighths(Value value, Random random)
    {
        Tensor tensor = OperatorCheck.RandomTensor(value, random, -16, 16);
        if (value.Type != ElementType.Float32)
        {
            return tensor;
        }

        return Tensor.Create(ElementType.Float32, value.Shape, tensor.Floats().ToArray().Select(static f => MathF.Round(f) / 8).ToArray(), value.Name);
    }

    private static string? Difference(Tensor expected, Tensor actual, string name)
    {
        double[] e = Elements(expected);
        double[] a = Elements(actual);
        double scale = e.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < e.Length; i++)
        {
            // Beyond f32's range the order of a sum decides between infinity and NaN.
            bool close = a[i].Equals(e[i]) || (expected.Type.IsFloat() && (Math.Abs(a[i] - e[i]) <= Tolerance * Math.Max(scale, 0.1) || scale > 1e30));
            if (!close)
            {
                return FormattableString.Invariant($"output {name}, element {i} of {expected.Shape} is {a[i]:R}, expected {e[i]:R}");
            }
        }

        return null;
    }

    private static double[] Elements(Tensor tensor) => Enumerable.Range(0, (int)tensor.Shape.ElementCount).Select(i => ElementEvaluation.Read(tensor, i)).ToArray();

    private static string Report(string name, ModelProto model, string isa)
    {
        ModelProto small = GraphShrinker.Shrink(model, m => Difference(m, isa) is not null);
        if (Environment.GetEnvironmentVariable("AOTC_FUZZ_OUTPUT") is { } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{name}.onnx"), small.ToByteArray());
            File.AppendAllText(Path.Combine(folder, "graphs.txt"), $"{name} {isa}: {Difference(small, isa)}\n{Text(small.Graph)}\n\n");
        }

        return $"{name} {isa}: {Difference(small, isa)}\n{Text(small.Graph)}";
    }

    private static string Text(GraphProto graph) => string.Join('\n', graph.Input.Select(static v => $"  input {v.Name} {v.Type.TensorType.ElemType} [{string.Join(", ", v.Type.TensorType.Shape.Dim.Select(static d => d.DimValue))}]")
        .Concat(graph.Initializer.Select(static t => $"  constant {t.Name} {t.DataType} [{string.Join(", ", t.Dims)}]{(t.DataType == 7 ? " " + string.Join(" ", System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(t.RawData.Span).ToArray()) : string.Empty)}"))
        .Concat(graph.Node.Select(static n => $"  {string.Join(", ", n.Output)} = {n.OpType}({string.Join(", ", n.Input)}) {string.Join(" ", n.Attribute.Select(static a => $"{a.Name}={(a.Type == 7 ? string.Join(",", a.Ints) : a.Type == 3 ? a.S.ToStringUtf8() : a.Type == 1 ? $"{a.F}" : $"{a.I}")}"))}"))
        .Append($"  outputs {string.Join(", ", graph.Output.Select(static o => o.Name))}"));
}
