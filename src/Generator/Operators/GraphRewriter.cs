using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Edits a graph on behalf of an operator's <see cref="Operator.Simplify"/> or an optimisation pass; new nodes are inferred at once.</summary>
internal sealed class GraphRewriter
{
    public GraphRewriter(Graph graph)
    {
        Graph = graph;
    }

    public Graph Graph { get; }

    /// <summary>Makes a constant value.</summary>
    public Value Constant(Tensor tensor, string name) => Value.FromConstant(Graph.UniqueName(name), tensor);

    /// <summary>Adds a node with one output, infers its type and shape, and returns it.</summary>
    public Value Insert(string op, string name, IEnumerable<Value?> inputs, params (string Name, object Value)[] attributes)
    {
        Operator definition = OperatorRegistry.Get(op);
        var map = new AttributeMap($"'{op}' node \"{name}\"");
        foreach ((string key, object value) in attributes)
        {
            map.Set(key, value);
        }

        var output = new Value(Graph.UniqueName($"{name}.out"), ElementType.Undefined, Shape.Scalar);
        var node = new Node(definition, name, map, inputs, new[] { output });
        definition.Infer(new InferContext(node));
        Graph.Add(node);
        return output;
    }

    /// <summary>Puts a value in the place of output 0 of a node that has no other used outputs, and removes the node.</summary>
    public void ReplaceNode(Node node, Value replacement)
    {
        TransferName(node.Output, replacement);
        Graph.Replace(node.Output, replacement);
        node.Remove();
    }

    /// <summary>True if output 0 is the only output that anybody reads.</summary>
    public bool OnlyFirstOutputUsed(Node node) => node.Outputs.Skip(1).All(v => v.Uses.Count == 0 && !Graph.IsOutput(v));

    /// <summary>True if exactly one node input reads the value and it is no graph output.</summary>
    public bool HasSingleUse(Value value) => value.Uses.Count == 1 && !Graph.IsOutput(value);

    private static void TransferName(Value from, Value to)
    {
        // Readers know the tensor by the name at the end of a chain: that is the one the model's author sees in the outputs.
        if (to.Producer is not null && from.Uses.Count == 0)
        {
            to.Name = from.Name;
        }
    }
}
