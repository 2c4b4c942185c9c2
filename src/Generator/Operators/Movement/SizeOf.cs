using System;
using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Size: the number of elements of a tensor, as an i64 scalar. All shapes are known, so it is always folded.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Size.html · Types: all.</remarks>
internal sealed class SizeOf : Operator
{
    public SizeOf()
        : base("Size")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override bool ReadsData(int input) => false;

    public override void Infer(InferContext context) => context.SetOutput(0, ElementType.Int64, Shape.Scalar);

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        new[] { Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { node.Required(0).Shape.ElementCount }) };

    public override void Lower(Node node, LoweringContext context) => throw new InvalidOperationException("sizes are folded at import");
}
