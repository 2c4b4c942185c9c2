using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Shape: the dimensions of a tensor, or some of them, as an i64 vector. All shapes are known, so it is always folded.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Shape.html · Types: all · Opsets: 15 added start and end.</remarks>
internal sealed class ShapeOf : Operator
{
    public ShapeOf()
        : base("Shape")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override bool ReadsData(int input) => false;

    public override void Infer(InferContext context) => context.SetOutput(0, ElementType.Int64, new Shape(Selected(context.Node).Length));

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => new[] { Tensor.Vector(Selected(node)) };

    public override void Lower(Node node, LoweringContext context) => throw new InvalidOperationException("shapes are folded at import");

    private static long[] Selected(Node node)
    {
        Shape shape = node.Required(0).Shape;
        int start = Clamp(node.Attributes.Int("start", 0), shape.Rank);
        int end = Clamp(node.Attributes.Int("end", shape.Rank), shape.Rank);
        return shape.Dimensions.Skip(start).Take(end - start).Select(static d => (long)d).ToArray();
    }

    private static int Clamp(long index, int rank) => (int)Math.Max(0, Math.Min(rank, index < 0 ? index + rank : index));
}
