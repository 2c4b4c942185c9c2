using System;
using System.Linq;
using System.Threading;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Optimization;

/// <summary>
/// MatMul and Gemm of constant weights that a DequantizeLinear makes of codes of less than a byte, and rows that a Gather picks of such a
/// matrix: the codes stay packed, and become numbers in the registers of the product, or when they are picked.
/// </summary>
internal sealed class PackedProducts : GraphPass
{
    public override bool Run(Graph graph, CancellationToken cancellation)
    {
        if (!graph.Nodes.Any(static n => n.Operator is DequantizeOperator))
        {
            return false;
        }

        var rewriter = new GraphRewriter(graph);
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            changed |= TryRewrite(node, rewriter) || TryGather(node, rewriter);
        }

        if (changed)
        {
            graph.Sort();
        }

        return changed;
    }

    private static bool TryRewrite(Node node, GraphRewriter rewriter)
    {
        if (node.IsRemoved || node.Operator.Domain.Length > 0 || node.Operator.Name is not ("MatMul" or "Gemm") || node.Epilogue is not null
            || node.Output.Type != ElementType.Float32
            || node.Required(0).Shape.Rank < 1
            || node.Attributes.Flag("transA", false) || node.Attributes.Float("alpha", 1) != 1
            || (node.Input(2) is not null && node.Attributes.Float("beta", 1) != 1))
        {
            return false;
        }

        bool transposed = node.Attributes.Flag("transB", false);
        Value right = node.Required(1);
        if (right.Producer is { Operator.Name: "Transpose", Epilogue: null } transpose && right.Shape.Rank == 2 && transpose.Attributes.Ints("perm")?.SequenceEqual(new long[] { 1, 0 }) != false)
        {
            transposed = !transposed;
            right = transpose.Required(0);
        }

        if (Weights(right, transposed) is not { } weights)
        {
            return false;
        }

        Value Constant(Tensor tensor, string role) => rewriter.Constant(tensor, $"{node.Name}.{role}");
        Value product = rewriter.Insert(
            OperatorRegistry.Get(nameof(PackedMatMul), Operator.InternalDomain),
            node.Name,
            new[] { node.Required(0), Constant(weights.Codes, "codes"), Constant(weights.Scales, "scales"), Constant(weights.ZeroPoints, "zeros") },
            new (string, object)[] { (PackedMatMul.Bits, (long)weights.Bits), (PackedMatMul.GroupSize, (long)weights.GroupSize) });
        rewriter.ReplaceNode(node, node.Input(2) is { } addend ? rewriter.Insert("Add", node.Name, new[] { product, addend }) : product);
        return true;
    }

    private static bool TryGather(Node node, GraphRewriter rewriter)
    {
        if (node.IsRemoved || node.Operator.Name != "Gather" || node.Operator.Domain.Length > 0 || node.Epilogue is not null
            || node.Required(0).Shape.Rank != 2 || node.Attributes.Int("axis", 0) is not (0 or -2)
            || Weights(node.Required(0), transposed: true) is not { } matrix || !PackedRows.Covers(matrix))
        {
            return false;
        }

        var rows = new PackedRows(
            (op, inputs, attributes) => rewriter.Insert(op, node.Name, inputs, attributes),
            (tensor, role) => rewriter.Constant(tensor, $"{node.Name}.{role}"));
        rewriter.ReplaceNode(node, rows.Gather(matrix, node.Required(1)));
        return true;
    }

    /// <summary>The parts of dequantised constant codes; null for others, or if groups do not fill words.</summary>
    private static PackedMatrix? Weights(Value right, bool transposed)
    {
        if (right.Producer is not { Operator: DequantizeOperator, Epilogue: null } node
            || right.Shape.Rank != 2
            || right.Type != ElementType.Float32
            || !node.Required(0).Type.IsNarrowInteger()
            || node.Required(0).Constant is not { } codes
            || GraphRewriter.Fold(node.Required(1)).Constant is not { } scale
            || (node.Input(2) is { } zero && GraphRewriter.Fold(zero).Constant is null))
        {
            return null;
        }

        int bits = codes.Type.PackedBits();
        return PackedMatrix.Of(codes, bits, scale, node.Input(2) is { } point ? GraphRewriter.Fold(point).Constant : null, transposed);
    }
}
