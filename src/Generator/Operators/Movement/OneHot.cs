using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>OneHot: for each index a new axis with the on-value at the index and the off-value elsewhere; indices out of range have only off-values.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__OneHot.html · Types: indices all numbers, values all; depth constant · Opsets: 11 allowed negative indices.</remarks>
internal sealed class OneHot : Operator
{
    public OneHot()
        : base("OneHot")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (3, 3);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Numbers);
        context.RequireType(1, TypeSets.Numbers);
        Tensor depth = context.RequireConstant(1, "depth");
        if (depth.Shape.ElementCount != 1 || context.Shape(2).ElementCount != 2)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "depth must be a scalar and values a pair");
        }

        double count = ElementEvaluation.Read(depth, 0);
        int rank = context.Shape(0).Rank + 1;
        int axis = context.Axis(context.Attributes.Int("axis", -1), rank);
        List<long> shape = context.Shape(0).Dimensions.Select(static d => (long)d).ToList();
        shape.Insert(axis, count >= 0 && count < 1L << 40 ? (long)count : -1);
        context.SetOutput(0, context.Type(2), context.MakeShape(shape));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape shape = node.Output.Shape;
        int axis = AxisOf(node);
        int depth = shape[axis];
        long inner = shape.Product(axis + 1, shape.Rank);
        return new[]
        {
            ElementMovement.Pick(inputs[2]!, shape, i =>
            {
                double index = Math.Truncate(ElementEvaluation.Read(inputs[0]!, (int)((i / (inner * depth) * inner) + (i % inner))));
                long position = i / inner % depth;
                return (index < 0 ? index + depth : index) == position ? 1 : 0;
            }),
        };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            TensorView indices = context.ReadPlain(node.Required(0));
            context.Add(new OneHotStep(node, indices, context.ReadDense(node.Required(2)), output, AxisOf(node)));
        }
    }

    private static int AxisOf(Node node)
    {
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", -1), node.Output.Shape.Rank, out int axis);
        return axis;
    }
}
