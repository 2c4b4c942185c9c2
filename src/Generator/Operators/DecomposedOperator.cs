using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>
/// An operator that other operators define: its nodes are replaced by theirs before anything is lowered, so that they meet all
/// rewritings and kernels. <see cref="Operator.Infer"/> must refuse whatever <see cref="Decompose"/> cannot express.
/// </summary>
internal abstract class DecomposedOperator : Operator
{
    protected DecomposedOperator(string name, string domain = "")
        : base(name, domain)
    {
    }

    /// <summary>Writes the node as other nodes.</summary>
    /// <returns>The values of the node's outputs, in order, of the inferred types and shapes.</returns>
    protected abstract IReadOnlyList<Value> Decompose(Node node, Formula formula);

    public sealed override bool Simplify(Node node, GraphRewriter rewriter)
    {
        IReadOnlyList<Value> results = Decompose(node, new Formula(rewriter, node.Name));
        rewriter.ReplaceOutputs(node, results);
        return true;
    }

    /// <summary>Evaluates the nodes that stand for this one.</summary>
    public sealed override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        var graph = new Graph(node.Name);
        IEnumerable<Value?> values = inputs.Take(node.OperatorInputCount)
            .Select((t, i) => t is null ? null : Value.FromConstant(graph.UniqueName($"{node.Name}.input{i}"), t));
        Value[] outputs = node.Outputs.Select(static o => new Value(o.Name, o.Type, o.Shape)).ToArray();
        var copy = new Node(this, node.Name, node.Attributes.Clone(), values, outputs) { Opset = node.Opset };
        foreach (Value result in Decompose(copy, new Formula(new GraphRewriter(graph), node.Name)))
        {
            graph.Outputs.Add(new GraphOutput(result.Name, result));
        }

        copy.Remove();
        graph.Sort();
        return GraphInterpreter.Run(graph, Array.Empty<Tensor>());
    }

    public sealed override void Lower(Node node, LoweringContext context) =>
        throw new InvalidOperationException($"{node} was not replaced by the operators that define it");
}
