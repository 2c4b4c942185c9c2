using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Movement;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Dropout in inference: the identity, with an optional mask that is true everywhere. In training it is a <see cref="Randomness.TrainingDropout"/>.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Dropout.html · Types: all · Opsets: 1 and 6 train unless is_test is 1; 7 dropped it;
/// 10 made the mask bool; 12 made ratio an input and added training_mode.
/// </remarks>
internal sealed class Dropout : ReshapingOperator, IStructuralOperator
{
    public Dropout()
        : base("Dropout")
    {
    }

    public override (int Min, int Max) InputCount => (1, 3);

    public override (int Min, int Max) OutputCount => (1, 2);

    public bool IsStructural(NodeForm node) => node.Opset < 7
        ? !node.Attributes.Flag("is_test", false)
        : Given(node.Inputs, 2) is { } mode && ElementEvaluation.Uniform(mode.Constant) != 0 && !(Given(node.Inputs, 1) is { } ratio && ElementEvaluation.Uniform(ratio.Constant) == 0);

    public void Import(StructureContext context) => ((ComposedOperator)OperatorRegistry.Get("TrainingDropout", InternalDomain)).Import(context);

    public override void Infer(InferContext context)
    {
        base.Infer(context);
        context.SetOutput(1, context.Opset < 10 ? context.Type(0) : ElementType.Bool, context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        node.Outputs.Count == 1 ? new[] { inputs[0]! } : new[] { inputs[0]!, Mask(node) };

    /// <summary>Removes the node; a mask that anybody reads becomes a constant.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.Outputs.Count > 1 && !rewriter.OnlyFirstOutputUsed(node))
        {
            rewriter.Graph.Replace(node.Outputs[1], rewriter.Constant(Mask(node), $"{node.Name}.mask"));
        }

        rewriter.ReplaceNode(node, node.Required(0));
        return true;
    }

    public override void Lower(Node node, LoweringContext context)
    {
        base.Lower(node, context);
        if (node.Outputs.Count > 1)
        {
            context.Alias(node.Outputs[1], context.Weight(Mask(node), $"{node.Name}.mask"));
        }
    }

    protected override Shape ResultShape(InferContext context) => context.Shape(0);

    private static Value? Given(IReadOnlyList<ModelValue?> inputs, int index) => index < inputs.Count ? (inputs[index] as TensorValue)?.Value : null;

    private static Tensor Mask(Node node) => ElementEvaluation.Fill(node.Outputs[1].Type, node.Outputs[1].Shape, 1);
}
