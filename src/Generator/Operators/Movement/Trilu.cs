using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Trilu: the upper or lower triangle of matrices, zeros elsewhere.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Trilu.html · Types: all.</remarks>
internal sealed class Trilu : Operator, ITakesData
{
    public Trilu()
        : base("Trilu")
    {
    }

    public override int Since => 14;

    public override (int Min, int Max) InputCount => (1, 2);

    public override void Infer(InferContext context)
    {
        if (context.Shape(0).Rank < 2)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "input 0 must have at least 2 dimensions");
        }

        if (context.Has(1) && context.RequireInts(1, "k").Length != 1)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "k must be a scalar");
        }

        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape shape = node.Output.Shape;
        int rows = shape[shape.Rank - 2];
        int columns = shape[shape.Rank - 1];
        int size = node.Output.Type.Size();
        byte[] bytes = inputs[0]!.Bytes.ToArray();
        bool upper = IsUpper(node);
        long k = Diagonal(shape, inputs.Count > 1 ? inputs[1] : null);
        for (int i = 0; i < shape.ElementCount; i++)
        {
            long distance = (i % columns) - (i / columns % rows) - k;
            if (upper ? distance < 0 : distance > 0)
            {
                Array.Clear(bytes, i * size, size);
            }
        }

        return new[] { Tensor.FromBytes(node.Output.Type, shape, bytes, "Trilu") };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context) => context.Add(new TriangleStep(
        node,
        context.ReadPlain(node.Required(0)),
        context.Allocate(node.Output),
        IsUpper(node),
        node.Input(1)?.Sizes?.Elements is { Count: 1 } size ? Extent.OfLoop(size[0]) : (int)Diagonal(node.Required(0).Shape, node.Input(1)?.Constant)));

    /// <summary>A diagonal that only the run knows is compared with the distance of each cell from the middle one.</summary>
    public bool TryCompose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        int rank = x.Shape.Rank;
        if (rank < 2 || node.Input(1) is not { } k || k.Type is not (ElementType.Int64 or ElementType.Int32) || k.Shape.ElementCount != 1)
        {
            return false;
        }

        Value distance = compose.Sub(compose.Positions(x, rank - 1), compose.Unsqueeze(compose.Positions(x, rank - 2), 1));
        Value inside = compose.Op(IsUpper(node) ? "GreaterOrEqual" : "LessOrEqual", distance, compose.Reshape(compose.Cast(k, ElementType.Int64)));
        compose.Return(compose.Where(inside, x, compose.Constant(Tensor.FromBytes(x.Type, Shape.Scalar, new byte[x.Type.Size()], "zero"))));
        return true;
    }

    private static bool IsUpper(Node node) => node.Attributes.Flag("upper", true);

    /// <summary>Beyond the matrix, all diagonals are alike.</summary>
    private static long Diagonal(Shape shape, Tensor? k) =>
        Math.Max(-shape[shape.Rank - 2] - 1L, Math.Min(shape[shape.Rank - 1] + 1L, k?.ToInt64Array()[0] ?? 0));
}
