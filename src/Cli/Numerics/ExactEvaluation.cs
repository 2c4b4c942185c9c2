using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Import;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;

namespace AotCompiler.Cli.Numerics;

/// <summary>
/// A model's outputs in double precision: the graph as the file has it, node by node by the operators' definitions, with every real
/// tensor in 64 bits and no rounding to narrower types between. What is made of constants alone is rounded to its type as the graph is read, and
/// an operator that is not defined for 64-bit floats computes with its own types.
/// </summary>
internal static class ExactEvaluation
{
    /// <summary>Products that are evaluated at most: about a minute by definitions that were written to be plain.</summary>
    public const double MaxProducts = 4e9;

    /// <summary>The outputs' elements in row-major order, one array per output of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Its dimensions.</param>
    /// <param name="inputs">Tensors by input name.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Null where the graph has bodies, sizes that follow from data, random numbers, or more products than can be waited for.</returns>
    public static IReadOnlyList<double[]>? Run(OnnxModel model, CompilerOptions options, IReadOnlyDictionary<string, TensorData> inputs, CancellationToken cancellation)
    {
        Graph graph = GraphImporter.Import(FunctionInliner.Inline(model), options, [], cancellation);
        if (!CanEvaluate(graph))
        {
            return null;
        }

        var values = new Dictionary<Value, Tensor>();
        foreach (Value input in graph.Inputs)
        {
            values[input] = Widened(Tensor.FromBytes(input.Type, input.Shape, inputs[input.Name].Data, input.Name));
        }

        Tensor Read(Value value)
        {
            if (!values.TryGetValue(value, out Tensor? tensor))
            {
                values[value] = tensor = Widened(value.Constant!);
            }

            return tensor;
        }

        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<Tensor> results = Evaluate(node, node.Operator.Operands(node, Read));
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                values[node.Outputs[i]] = Widened(results[i]);
            }
        }

        return graph.Outputs.Select(o => Doubles(Read(o.Value))).ToArray();
    }

    private static bool CanEvaluate(Graph graph) => graph.Sizes.Count == 0 && graph.States.Count == 0
        && graph.Inputs.All(static v => v.Type != ElementType.String && v.Type.PackedBits() == 0)
        && graph.Outputs.All(static o => o.Value.Type != ElementType.String)
        && graph.Nodes.All(static n => n.Operator is not RegionOperator && n.ComputedSizes.Count == 0)
        && graph.Nodes.Sum(static n => n.Operator.EvaluationProducts(n)) <= MaxProducts;

    private static IReadOnlyList<Tensor> Evaluate(Node node, Tensor?[] operands)
    {
        Node wide = WidenedCopy(node, operands);
        try
        {
            wide.Operator.Infer(new InferContext(wide));
        }
        catch (ModelException)
        {
            return NodeEvaluation.Evaluate(node, operands.Select((tensor, i) => tensor is null ? null : As(tensor, node.Required(i).Type)).ToArray());
        }
        finally
        {
            wide.Remove();
        }

        return wide.Operator.Evaluate(wide, operands);
    }

    /// <summary>The node as it would be in a model of 64-bit floats; it stands in no graph.</summary>
    private static Node WidenedCopy(Node node, Tensor?[] operands)
    {
        IEnumerable<Value?> inputs = node.Inputs.Take(node.OperatorInputCount).Select((value, i) => value is null ? null : new Value(value.Name, operands[i]!.Type, value.Shape)
        {
            Constant = value.Constant is null ? null : operands[i],
        });
        Value[] outputs = node.Outputs.Select(static v => new Value(v.Name, v.Type, v.Shape)).ToArray();
        AttributeMap attributes = node.Attributes.Clone();
        foreach (string target in new[] { "to", "dtype", "output_dtype" })
        {
            if (attributes.Int(target, 0) is var type and > 0 && IsReal((ElementType)(int)type))
            {
                attributes.Set(target, (long)ElementType.Float64);
            }
        }

        return new Node(node.Operator, node.Name, attributes, inputs, outputs) { Opset = node.Opset };
    }

    private static Tensor Widened(Tensor tensor) => IsReal(tensor.Type) ? As(tensor, ElementType.Float64) : tensor;

    private static Tensor As(Tensor tensor, ElementType type)
    {
        if (tensor.Type == type)
        {
            return tensor;
        }

        var bytes = new byte[tensor.Shape.ElementCount * type.Size()];
        for (int i = 0; i < tensor.Shape.ElementCount; i++)
        {
            ElementEvaluation.Write(bytes, type, i, ElementEvaluation.Read(tensor, i));
        }

        return Tensor.FromBytes(type, tensor.Shape, bytes, tensor.Recipe);
    }

    private static bool IsReal(ElementType type) => type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    private static double[] Doubles(Tensor tensor)
    {
        var result = new double[checked((int)tensor.Shape.ElementCount)];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = ElementEvaluation.Read(tensor, i);
        }

        return result;
    }
}
