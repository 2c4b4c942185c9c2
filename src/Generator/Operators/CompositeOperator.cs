using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>
/// An operator that is a few nodes of others, in whose place they stand before the graph is optimised: it has no kernels, and its
/// fusions are those of its parts.
/// </summary>
internal abstract class CompositeOperator : Operator
{
    protected CompositeOperator(string name, string domain = "")
        : base(name, domain)
    {
    }

    /// <summary>Its parts may convert types.</summary>
    public sealed override bool FoldsOnImport => true;

    /// <summary>Adds the nodes that compute the node's outputs.</summary>
    /// <returns>One value per output.</returns>
    public abstract IReadOnlyList<Value> Expand(Node node, Expansion expansion);

    /// <summary>Puts the parts in the node's place.</summary>
    public void Replace(Node node, GraphRewriter rewriter)
    {
        IReadOnlyList<Value> results = Expand(node, new Expansion(rewriter, node.Name));
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            rewriter.Graph.Replace(node.Outputs[i], results[i]);
        }

        node.Remove();
    }

    public sealed override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        var graph = new Graph(node.Name);
        var rewriter = new GraphRewriter(graph);
        var constants = new List<Tensor>();
        var values = new List<Value?>();
        for (int i = 0; i < node.OperatorInputCount; i++)
        {
            if (inputs[i] is not { } tensor)
            {
                values.Add(null);
                continue;
            }

            // What the node knows when it is compiled, its parts may rely on; the rest is an input of the graph.
            Value value = new(graph.UniqueName($"x{i}"), tensor.Type, tensor.Shape) { Constant = node.Input(i)!.IsConstant ? tensor : null };
            values.Add(value);
            if (!value.IsConstant)
            {
                graph.Inputs.Add(value);
                constants.Add(tensor);
            }
        }

        var copy = new Node(this, node.Name, node.Attributes.Clone(), values, node.Outputs.Select((v, i) => new Value(graph.UniqueName($"y{i}"), v.Type, v.Shape))) { Opset = node.Opset };
        IReadOnlyList<Value> results = Expand(copy, new Expansion(rewriter, node.Name));
        copy.Remove();
        graph.Outputs.AddRange(results.Select(static (v, i) => new GraphOutput($"y{i}", v)));
        ExpandAll(graph, rewriter);
        graph.Sort();
        return GraphInterpreter.Run(graph, constants);
    }

    public sealed override void Lower(Node node, LoweringContext context) =>
        throw new InvalidOperationException($"{node} must be expanded before it is lowered");

    private static void ExpandAll(Graph graph, GraphRewriter rewriter)
    {
        for (Node? next = First(graph); next is not null; next = First(graph))
        {
            ((CompositeOperator)next.Operator).Replace(next, rewriter);
        }
    }

    private static Node? First(Graph graph) => graph.Nodes.FirstOrDefault(static n => !n.IsRemoved && n.Operator is CompositeOperator);
}

/// <summary>Adds the parts of a <see cref="CompositeOperator"/>, named after its node.</summary>
internal sealed class Expansion
{
    private readonly string _name;

    public Expansion(GraphRewriter rewriter, string name)
    {
        Rewriter = rewriter;
        _name = name;
    }

    public GraphRewriter Rewriter { get; }

    /// <summary>A node of a standard operator without attributes.</summary>
    public Value Add(string op, params Value?[] inputs) => Rewriter.Insert(op, _name, inputs);

    /// <summary>A node of a standard operator with some of the attributes of another node, as far as it has them.</summary>
    public Value AddLike(string op, Node model, IEnumerable<string> attributes, params Value?[] inputs) => Rewriter.Insert(
        op,
        _name,
        inputs,
        attributes.Where(model.Attributes.Has).Select(a => (a, model.Attributes.Raw(a)!)).ToArray());

    /// <summary>A node of a standard operator with attributes.</summary>
    public Value Add(string op, IEnumerable<Value?> inputs, params (string Name, object Value)[] attributes) => Rewriter.Insert(op, _name, inputs, attributes);

    /// <summary>A conversion of the element type; nothing if the value has it.</summary>
    public Value Cast(Value value, ElementType type) => value.Type == type ? value : Add("Cast", new[] { value }, ("to", (long)type));

    /// <summary>An f32 number.</summary>
    public Value Number(float value) => Rewriter.Constant(Tensor.Scalar(value), $"{_name}.number");

    /// <summary>Integers, as shapes and axes are.</summary>
    public Value Integers(params long[] values) => Rewriter.Constant(Tensor.Vector(values), $"{_name}.integers");

    /// <summary>The value under another shape.</summary>
    public Value Reshape(Value value, params int[] shape) => Rewriter.Reshape(value, new Shape(shape), $"{_name}.reshape");

    /// <summary>Real numbers of codes. Scale and zero point are one number, or one for each index of an axis of the codes.</summary>
    public Value Dequantize(Value codes, Value scale, Value? zeroPoint, int axis = 0) =>
        Add("DequantizeLinear", codes, Along(scale, codes.Shape, axis), zeroPoint is null ? null : Along(zeroPoint, codes.Shape, axis));

    /// <summary>Codes of real numbers. Scale and zero point are one number, or one for each index of an axis.</summary>
    public Value Quantize(Value reals, Value scale, Value? zeroPoint, ElementType codes, int axis = 0) => Add(
        "QuantizeLinear",
        new[] { reals, Along(scale, reals.Shape, axis), zeroPoint is null ? null : Along(zeroPoint, reals.Shape, axis) },
        ("output_dtype", (long)codes));

    /// <summary>A parameter in a shape that broadcasts along an axis.</summary>
    private Value Along(Value parameter, Shape shape, int axis)
    {
        if (parameter.Shape.ElementCount == 1)
        {
            return Reshape(parameter);
        }

        return parameter.Shape.Rank == 1
            ? Reshape(parameter, Enumerable.Repeat(1, shape.Rank - axis).Select((one, i) => i == 0 ? parameter.Shape[0] : one).ToArray())
            : parameter;
    }
}
