using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Edits a graph on behalf of an operator's <see cref="Operator.Simplify"/> or an optimisation pass; new nodes are inferred at once.</summary>
internal sealed class GraphRewriter
{
    private readonly HashSet<Value> _made = new();

    public GraphRewriter(Graph graph)
    {
        Graph = graph;
    }

    public Graph Graph { get; }

    /// <summary>Makes a constant value.</summary>
    public Value Constant(Tensor tensor, string name) => Value.FromConstant(Graph.UniqueName(name), tensor);

    /// <summary>Adds a node with one output, infers its type and shape, and returns it.</summary>
    public Value Insert(string op, string name, IEnumerable<Value?> inputs, params (string Name, object Value)[] attributes) =>
        Insert(OperatorRegistry.Get(op), name, inputs, attributes);

    /// <summary>Adds a node of any operator with one output, infers its type and shape, and returns it.</summary>
    public Value Insert(Operator definition, string name, IEnumerable<Value?> inputs, IEnumerable<(string Name, object Value)> attributes)
    {
        var map = new AttributeMap($"'{definition.Name}' node \"{name}\"");
        foreach ((string key, object value) in attributes)
        {
            map.Set(key, value);
        }

        return Insert(definition, name, map, Node.LatestOpset, inputs);
    }

    /// <summary>Adds a node of an operator that has no name in the standard.</summary>
    public Value Insert(Operator definition, string name, IEnumerable<Value?> inputs) =>
        Insert(definition, name, new AttributeMap($"'{definition.Name}' node \"{name}\""), Node.LatestOpset, inputs);

    /// <summary>Adds a node with the operator, name and attributes of another one that has one output.</summary>
    public Value InsertLike(Node model, IEnumerable<Value?> inputs) => Insert(model.Operator, model.Name, model.Attributes.Clone(), model.Opset, inputs);

    /// <summary>The same with attributes of its own.</summary>
    public Value InsertLike(Node model, AttributeMap attributes, IEnumerable<Value?> inputs) => Insert(model.Operator, model.Name, attributes, model.Opset, inputs);

    /// <summary>The value under another shape; the value itself if it has the shape, a constant for a constant.</summary>
    public Value Reshape(Value source, Shape shape, string name)
    {
        if (source.Shape.Equals(shape))
        {
            return source;
        }

        Value target = ShapeValue(shape, $"{name}.shape");
        return Fold(shape.ElementCount == 0
            ? Insert("Reshape", name, new[] { source, target }, ("allowzero", 1L))
            : Insert("Reshape", name, new[] { source, target }));
    }

    /// <summary>Neighbouring elements of one axis of a value.</summary>
    public Value Slice(Value source, int axis, int start, int count, string name)
    {
        Value Bound(long bound) => Constant(Tensor.Vector(bound), $"{name}.ints");
        return Insert("Slice", name, new[] { source, Bound(start), Bound(start + count), Bound(axis) });
    }

    /// <summary>A shape as an i64 vector: a constant, or expressions where it is known only at run time.</summary>
    public Value ShapeValue(Shape shape, string name)
    {
        if (!shape.IsDynamic)
        {
            return Constant(Tensor.Vector(shape.Dimensions.Select(static d => (long)d).ToArray()), name);
        }

        return SizeVector(shape.Extents.Select(static e => e.Expression).ToArray(), name);
    }

    /// <summary>Numbers that sizes give, as an i64 vector.</summary>
    public Value SizeVector(IReadOnlyList<Size> sizes, string name)
    {
        if (sizes.All(static s => s.Constant is not null))
        {
            return Constant(Tensor.Vector(sizes.Select(static s => s.Constant!.Value).ToArray()), name);
        }

        Tensor[] samples = Enumerable.Range(0, SizeSamples.Count)
            .Select(i => Tensor.Vector(sizes.Select(s => s.Samples[i]).ToArray()))
            .ToArray();
        return new Value(Graph.UniqueName(name), ElementType.Int64, new Shape(sizes.Count))
        {
            Sizes = new SizeTensor(samples, sizes, isUndecided: false),
        };
    }

    /// <summary>A length as a scalar of a type: a constant, or an expression where it is known only at run time.</summary>
    public Value SizeValue(Extent length, ElementType type, string name)
    {
        Tensor Scalar(long value)
        {
            var bytes = new byte[type.Size()];
            ElementEvaluation.Write(bytes, type, 0, value);
            return Tensor.FromBytes(type, Shape.Scalar, bytes, name);
        }

        return length.Size is not { } size
            ? Constant(Scalar(length.Maximum), name)
            : new Value(Graph.UniqueName(name), type, Shape.Scalar)
            {
                Sizes = new SizeTensor(Enumerable.Range(0, SizeSamples.Count).Select(i => Scalar(size.Samples[i])).ToArray(), new[] { size }, isUndecided: false),
            };
    }

    /// <summary>A value made from constants only becomes a constant at once.</summary>
    public static Value Fold(Value value)
    {
        if (value.Producer is { } node && ConstantFolder.TryFold(node))
        {
            node.Remove();
        }

        return value;
    }

    /// <summary>Puts a value in the place of output 0 of a node that has no other used outputs, and removes the node.</summary>
    public void ReplaceNode(Node node, Value replacement)
    {
        Value replaced = node.Output;
        bool wasOutput = Graph.IsOutput(replaced);
        bool isOutput = Graph.IsOutput(replacement);
        Graph.Replace(replaced, replacement);
        node.Remove();

        // People know a tensor by the model's name for it, and the end of a chain by the output's.
        if (replacement.Producer is not null && (_made.Remove(replacement) || (wasOutput && !isOutput)))
        {
            replacement.Name = replaced.Name;
        }
    }

    /// <summary>Puts values in the places of all outputs of a node, and removes the node.</summary>
    public void ReplaceOutputs(Node node, IReadOnlyList<Value> replacements)
    {
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            Value replaced = node.Outputs[i];
            bool named = replacements[i].Producer is not null && _made.Remove(replacements[i]);
            Graph.Replace(replaced, replacements[i]);
            if (named)
            {
                replacements[i].Name = replaced.Name;
            }
        }

        node.Remove();
    }

    /// <summary>Puts a body's nodes in the place of the node that has it, and removes the node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="body">A closed graph with one output per output of the node. It is used up.</param>
    /// <param name="arguments">What the body's inputs are.</param>
    public void InlineBody(Node node, Graph body, IReadOnlyList<Value> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            body.Replace(body.Inputs[i], arguments[i]);
        }

        foreach (Node inner in body.Nodes)
        {
            foreach (Value output in inner.Outputs)
            {
                output.Name = Graph.UniqueName(output.Name);
            }

            Graph.Add(inner);
        }

        for (int i = 0; i < node.Outputs.Count; i++)
        {
            Graph.Replace(node.Outputs[i], body.Outputs[i].Value);
        }

        node.Remove();
    }

    /// <summary>Adds a node, infers its outputs and returns them.</summary>
    public IReadOnlyList<Value> InsertNode(Operator definition, string name, AttributeMap attributes, IEnumerable<Value?> inputs, int outputs, int opset = Node.LatestOpset)
    {
        Value[] results = Enumerable.Range(0, outputs).Select(_ => new Value(Graph.UniqueName($"{name}.out"), ElementType.Undefined, Shape.Scalar)).ToArray();
        var node = new Node(definition, name, attributes, inputs, results) { Opset = opset };
        ShapeInference.Run(node, Graph);
        Graph.Add(node);
        _made.UnionWith(results);
        return results;
    }

    private Value Insert(Operator definition, string name, AttributeMap attributes, int opset, IEnumerable<Value?> inputs) =>
        InsertNode(definition, name, attributes, inputs, 1, opset)[0];

    /// <summary>True if output 0 is the only output that anybody reads.</summary>
    public bool OnlyFirstOutputUsed(Node node) => node.Outputs.Skip(1).All(v => v.Uses.Count == 0 && !Graph.IsOutput(v));

    /// <summary>True if exactly one node input reads the value and it is no graph output.</summary>
    public bool HasSingleUse(Value value) => value.Uses.Count == 1 && !Graph.IsOutput(value);
}
