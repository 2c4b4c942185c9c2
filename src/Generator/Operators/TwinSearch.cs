using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// Finds a node that computes the same as one that is being imported. Exporters write the positions of a mask anew for each tensor that it selects
/// from; as one node they have one count, so that what was selected goes together.
/// </summary>
internal static class TwinSearch
{
    /// <summary>Operators between two values and what they have in common.</summary>
    private const int MaxDepth = 8;

    /// <summary>Bytes of constants that are compared.</summary>
    private const int MaxBytes = 1024;

    /// <summary>A node of the graph with equal outputs; null if there is none, or if nothing depends on it.</summary>
    public static Node? Find(Node node, Graph graph) => !node.Operator.FindsCounts ? null : graph.Nodes.LastOrDefault(other =>
        !other.IsRemoved && ReferenceEquals(other.Operator, node.Operator) && AreEqual(other, node, MaxDepth));

    private static bool AreEqual(Node a, Node b, int depth)
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }

        bool comparable = ReferenceEquals(a.Operator, b.Operator) && a.Operator.IsPure && a.Epilogue is null && b.Epilogue is null
            && a.Outputs.Count == b.Outputs.Count && a.OperatorInputCount == b.OperatorInputCount && !a.Subgraphs.Any() && !b.Subgraphs.Any();
        return comparable
            && a.Attributes.Signature() == b.Attributes.Signature()
            && Enumerable.Range(0, a.OperatorInputCount).All(i => AreEqual(a.Inputs[i], b.Inputs[i], depth));
    }

    private static bool AreEqual(Value? a, Value? b, int depth)
    {
        if (a is null || b is null || ReferenceEquals(a, b))
        {
            return ReferenceEquals(a, b);
        }

        if (a.Constant is { } left && b.Constant is { } right)
        {
            return left.Type == right.Type && left.Shape.Equals(right.Shape) && left.IsCheap && right.IsCheap && left.ByteCount <= MaxBytes && left.Bytes.SequenceEqual(right.Bytes);
        }

        return depth > 0 && a.Producer is { } first && b.Producer is { } second
            && first.Outputs.ToList().IndexOf(a) == second.Outputs.ToList().IndexOf(b)
            && AreEqual(first, second, depth - 1);
    }
}
