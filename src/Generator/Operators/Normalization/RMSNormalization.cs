using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Normalization;

/// <summary>RMSNormalization: x / √(mean of x² + ε) · scale over the dimensions from <c>axis</c> on.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__RMSNormalization.html · Types: f32, f64 · Opsets: since 23. stash_type does not matter: f32 at least is computed in.</remarks>
internal sealed class RMSNormalization : NormalizationOperator, IStructuralOperator
{
    public RMSNormalization()
        : base("RMSNormalization")
    {
    }

    public override int Since => 23;

    public override (int Min, int Max) InputCount => (2, 2);

    public bool IsStructural(NodeForm node) =>
        node.Inputs.Count == 2 && node.Inputs[0] is TensorValue { Value.Type: var x } && node.Inputs[1] is TensorValue { Value.Type: var scale } && x != scale && x.IsFloat() && scale.IsFloat();

    /// <summary>A scale of another type than the input, which the result has too: computed in the wider type.</summary>
    public void Import(StructureContext context)
    {
        (Value x, Value scale) = (context.Tensor(0), context.Tensor(1));
        ElementType wide = x.Type == ElementType.Float64 || scale.Type == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32;
        Value To(Value value, ElementType type) => value.Type == type ? value : context.Insert("Cast", new[] { value }, ("to", (long)type));
        Value y = context.Insert(this, context.Attributes, new[] { To(x, wide), To(scale, wide) }, 1)[0];
        context.SetOutput(0, new TensorValue(To(y, scale.Type)));
    }

    public override void Infer(InferContext context)
    {
        InferResult(context);
        TrailingGroups.Check(context, hasShift: false);
    }

    protected override Normalization Describe(Node node) => TrailingGroups.Describe(node, NormalizationKind.RootMeanSquare);
}
