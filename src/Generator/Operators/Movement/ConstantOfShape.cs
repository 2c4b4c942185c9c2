using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>ConstantOfShape: a tensor of equal elements. Folded where its shape is constant; large results stay recipes.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html · Types: all.</remarks>
internal sealed class ConstantOfShape : Operator
{
    public ConstantOfShape()
        : base("ConstantOfShape")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        Tensor value = ValueOf(context.Node);
        if (value.Shape.ElementCount != 1)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"attribute 'value' has {value.Shape.ElementCount} elements where 1 is required");
        }

        context.SetOutput(0, value.Type, context.MakeShape(context.RequireInts(0, "shape")));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        new[] { ElementMovement.Strided(ValueOf(node), node.Output.Shape, new long[node.Output.Shape.Rank]) };

    /// <summary>Only a shape that is known at run time comes here: one element is repeated by strides of 0.</summary>
    public override void Lower(Node node, LoweringContext context) =>
        context.Alias(node.Output, ConstantFill.Repeat(context.Weight(ValueOf(node), $"{node.Name}.value"), node.Output.Shape));

    private static Tensor ValueOf(Node node) => node.Attributes.Tensor("value") ?? Tensor.Scalar(0);
}
