using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Expand: repeats along dimensions of size 1 and new outer ones, as broadcasting does. A view with strides of 0.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Expand.html · Types: all.</remarks>
internal sealed class Expand : Operator
{
    public Expand()
        : base("Expand")
    {
    }

    public override int Since => 8;

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        Shape wanted = context.MakeShape(context.RequireInts(1, "shape"));
        Shape result = Shape.Broadcast(context.Shape(0), wanted)
            ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the input does not broadcast with shape {wanted}");
        context.SetOutput(0, context.Type(0), context.MakeShape(result.Dimensions.Select(static d => (long)d)));
    }

    public override bool FitsAlike(Node node) => node.Required(0).Shape.BroadcastsTo(node.Output.Shape);

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Layout layout = Layout.Dense(inputs[0]!.Shape).BroadcastTo(node.Output.Shape);
        return new[] { ElementMovement.Strided(inputs[0]!, node.Output.Shape, layout.Strides) };
    }

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        bool same = node.Output.Shape.Equals(node.Required(0).Shape);
        if (same)
        {
            rewriter.ReplaceNode(node, node.Required(0));
        }

        return same;
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView source = context.ReadPlain(node.Required(0));
        context.Alias(node.Output, source.With(source.Layout.BroadcastTo(node.Output.Shape)));
    }
}
