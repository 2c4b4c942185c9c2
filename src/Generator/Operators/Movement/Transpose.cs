using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Transpose: dimensions in another order. A view; only consumers that need dense memory copy it.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Transpose.html · Types: all.</remarks>
internal sealed class Transpose : Operator
{
    public Transpose()
        : base("Transpose")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>Dimension i of the output is dimension <c>Permutation[i]</c> of the input.</summary>
    public static int[] Permutation(Node node)
    {
        int rank = node.Required(0).Shape.Rank;
        return node.Attributes.Ints("perm") is { } perm
            ? perm.Select(static p => (int)p).ToArray()
            : Enumerable.Range(0, rank).Reverse().ToArray();
    }

    public override void Infer(InferContext context)
    {
        Shape shape = context.Shape(0);
        long[] perm = context.Attributes.Ints("perm") ?? Enumerable.Range(0, shape.Rank).Select(static i => (long)i).Reverse().ToArray();
        if (!perm.OrderBy(static p => p).SequenceEqual(Enumerable.Range(0, shape.Rank).Select(static i => (long)i)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"perm [{string.Join(", ", perm.Select(static p => $"{p}"))}] is not a permutation of the input's dimensions");
        }

        context.SetOutput(0, context.Type(0), new Shape(perm.Select(p => shape[(int)p])));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        long[] strides = inputs[0]!.Shape.RowMajorStrides();
        return new[] { ElementMovement.Strided(inputs[0]!, node.Output.Shape, Permutation(node).Select(p => strides[p]).ToArray()) };
    }

    /// <summary>Removes a permutation that moves nothing but dimensions of size 1 (a Reshape), and joins two in a row.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        Value input = node.Required(0);
        int[] perm = Permutation(node);
        int[] moved = perm.Where(p => input.Shape.Extent(p) != 1).ToArray();
        if (moved.SequenceEqual(moved.OrderBy(static p => p)))
        {
            Value target = rewriter.ShapeValue(node.Output.Shape, $"{node.Name}.shape");
            rewriter.ReplaceNode(node, rewriter.Insert("Reshape", node.Name, new[] { input, target }, ("allowzero", 1L)));
            return true;
        }

        if (input.Producer is { Operator: Transpose } first)
        {
            int[] inner = Permutation(first);
            long[] joined = perm.Select(p => (long)inner[p]).ToArray();
            rewriter.ReplaceNode(node, rewriter.Insert("Transpose", node.Name, new[] { first.Input(0) }, ("perm", joined)));
            return true;
        }

        return false;
    }

    public override bool WritesStrided(Node node) => true;

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => ByteUse.Moves;

    public override IReadOnlyList<Value> MovedInputs(Node node) => new[] { node.Required(0) };

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView source = context.Read(node.Required(0), context.Bytes.ZeroOf(node.Output) is not null);
        int[] perm = Permutation(node);
        if (!source.Layout.IsBlocked)
        {
            context.Alias(node.Output, source.With(source.Layout.Transpose(perm)));
            return;
        }

        if (source.Layout.TryFullBlock() is { } full)
        {
            context.Alias(node.Output, source.With(full.Transpose(perm)));
            return;
        }

        // Several blocks have no strided view: one copy takes them apart and permutes at once.
        int[] inverse = Enumerable.Range(0, perm.Length).Select(i => Array.IndexOf(perm, i)).ToArray();
        TensorView output = context.Allocate(node.Output);
        context.Add(new CopyStep(node, node.Name, source, output.With(output.Layout.Transpose(inverse))));
    }
}
