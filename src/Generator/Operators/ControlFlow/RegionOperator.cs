using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// An operator with bodies. As a node of the graph its bodies are closed: what they read from around them are the node's
/// last inputs (captures), and the last inputs of every body in the same order.
/// </summary>
internal abstract class RegionOperator : Operator, IStructuralOperator
{
    protected RegionOperator(string name)
        : base(name)
    {
    }

    public sealed override (int Min, int Max) InputCount => (0, int.MaxValue);

    public sealed override (int Min, int Max) OutputCount => (0, int.MaxValue);

    /// <summary>Values go in and out as they are stored; what the nodes inside need they convert.</summary>
    public sealed override bool ConvertsTypes => true;

    public sealed override bool ReadsBits => true;

    public bool IsStructural(NodeForm node) => true;

    public abstract void Import(StructureContext context);

    /// <summary>Node inputs that stand before the captures.</summary>
    protected abstract int OwnInputs(Node node);

    /// <summary>Body inputs that stand before the captures.</summary>
    protected abstract int OwnBodyInputs(Node node);

    public override bool Simplify(Node node, GraphRewriter rewriter) => SimplifyCaptures(node, rewriter);

    /// <summary>True if an input has run-time dimensions that the operator does not take: those of captures it takes, since only its body reads them.</summary>
    public virtual bool SeesStrangeSizes(Node node) => Own(node).Any(static v => v is { Shape.IsDynamic: true });

    /// <summary>Node inputs that are no captures.</summary>
    protected IEnumerable<Value?> Own(Node node) => node.Inputs.Take(OwnInputs(node));

    /// <summary>The captured values of the graph around.</summary>
    protected IReadOnlyList<Value> Captured(Node node) => node.Inputs.Skip(OwnInputs(node)).Select(static v => v!).ToArray();

    /// <summary>Products of one run of a body; infinite if it must not be folded.</summary>
    protected static double Products(Graph body) => body.Nodes.Sum(static n =>
        n.Operator.IsPure ? n.Operator.EvaluationProducts(n) + n.Outputs.Sum(static v => (double)v.Shape.ElementCount) : double.PositiveInfinity);

    /// <summary>Fails unless a body's result looks like what it must be.</summary>
    protected static void RequireSame(InferContext context, Value actual, Value expected, string what)
    {
        if (actual.Type != expected.Type || !actual.Shape.Equals(expected.Shape))
        {
            throw context.Fail(
                DiagnosticCodes.ShapeNotConstant,
                $"{what} is {actual.Shape} {actual.Type.ShortName()} in one case and {expected.Shape} {expected.Type.ShortName()} in the other",
                "Bind the model's free dimensions, or export it with one shape for both.");
        }
    }

    /// <summary>One list of captures for several bodies: bodies that lack one get an input that they do not read.</summary>
    protected static IReadOnlyList<Value> JoinCaptures(IReadOnlyList<ClosedBody> bodies, int own)
    {
        Value[] all = bodies.SelectMany(static b => b.Captures).Select(static c => c.Outer).Distinct().ToArray();
        foreach (ClosedBody body in bodies)
        {
            Dictionary<Value, Value> inner = body.Captures.ToDictionary(static c => c.Outer, static c => c.Inner);
            body.Graph.Inputs.RemoveRange(own, body.Graph.Inputs.Count - own);
            body.Graph.Inputs.AddRange(all.Select(outer => inner.TryGetValue(outer, out Value? value)
                ? value
                : new Value(body.Graph.UniqueName(outer.Name), outer.Type, outer.Shape)));
        }

        return all;
    }

    /// <summary>Constants move into the bodies; captures that no body reads, or that are there twice, go.</summary>
    private bool SimplifyCaptures(Node node, GraphRewriter rewriter)
    {
        IReadOnlyList<Value> captured = Captured(node);
        Graph[] bodies = node.Subgraphs.ToArray();
        int own = OwnBodyInputs(node);
        var kept = new List<Value>();
        for (int i = 0; i < captured.Count; i++)
        {
            int position = own + kept.Count;
            int twin = kept.IndexOf(captured[i]);
            bool isRead = bodies.Any(b => b.Inputs[position].Uses.Count > 0 || b.IsOutput(b.Inputs[position]));
            if (isRead && twin < 0 && !captured[i].IsConstant)
            {
                kept.Add(captured[i]);
                continue;
            }

            foreach (Graph body in bodies)
            {
                Value inner = body.Inputs[position];
                body.Inputs.RemoveAt(position);
                if (isRead)
                {
                    body.Replace(inner, captured[i].Constant is { } constant ? Value.FromConstant(inner.Name, constant) : body.Inputs[own + twin]);
                }
            }
        }

        if (kept.Count == captured.Count)
        {
            return false;
        }

        node.SetInputs(Own(node).Concat(kept).ToArray());
        return true;
    }
}
