using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Normalization;

/// <summary>LayerNormalization: (x − mean) / √(variance + ε) · scale + bias over the dimensions from <c>axis</c> on. Optional outputs are the mean and the factor 1/√(variance + ε).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__LayerNormalization.html · Types: f32, f64 · Opsets: since 17; ONNX Runtime writes it into models of any opset. stash_type only decides the type of the optional outputs.</remarks>
internal sealed class LayerNormalization : NormalizationOperator, IStructuralOperator
{
    public LayerNormalization()
        : base("LayerNormalization")
    {
    }

    public override (int Min, int Max) InputCount => (2, 3);

    public override (int Min, int Max) OutputCount => (1, 3);

    public bool IsStructural(NodeForm node) =>
        node.Attributes.Has("stash_type") && node.Attributes.Raw("stash_type") is long stash && ((ElementType)stash).IsHalf();

    /// <summary>Optional outputs of 16 bits: those of f32, rounded.</summary>
    public void Import(StructureContext context)
    {
        long stash = context.Attributes.Int("stash_type", 1);
        context.Attributes.Remove("stash_type");
        IReadOnlyList<Value> results = context.Insert(this, context.Attributes, context.Inputs.Select((_, i) => context.OptionalTensor(i)).ToArray(), context.Outputs.Count);
        for (int i = 0; i < results.Count; i++)
        {
            context.SetOutput(i, new TensorValue(i == 0 ? results[i] : context.Insert("Cast", new[] { results[i] }, ("to", stash))));
        }
    }

    public override void Infer(InferContext context)
    {
        InferResult(context);
        Shape shape = context.Shape(0);
        int axis = TrailingGroups.Check(context, hasShift: context.Has(2));
        var statistics = new Shape(shape.Dimensions.Select((d, i) => i < axis ? d : 1));
        long stash = context.Attributes.Int("stash_type", 1);
        if (stash is not (1 or 11))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, $"stash_type is {stash}; supported: 1 (f32), 10 (f16), 11 (f64), 16 (bf16)");
        }

        context.SetOutput(1, (ElementType)(int)stash, statistics);
        context.SetOutput(2, (ElementType)(int)stash, statistics);
    }

    protected override Normalization Describe(Node node) => TrailingGroups.Describe(node, NormalizationKind.Variance);
}

/// <summary>Groups of LayerNormalization and RMSNormalization: all dimensions from <c>axis</c> on.</summary>
internal static class TrailingGroups
{
    /// <summary>Checks the axis, which is returned, and that the scale and the shift broadcast.</summary>
    public static int Check(InferContext context, bool hasShift)
    {
        Shape shape = context.Shape(0);
        int axis = context.Axis(context.Attributes.Int("axis", -1), shape.Rank);
        if (shape.Product(axis, shape.Rank) == 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the normalised dimensions have no elements");
        }

        for (int i = 1; i <= (hasShift ? 2 : 1); i++)
        {
            if (!context.Shape(i).BroadcastsTo(shape))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {i} does not broadcast to input 0");
            }
        }

        return axis;
    }

    public static Normalization Describe(Node node, NormalizationKind kind)
    {
        Shape shape = node.Required(0).Shape;
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", -1), shape.Rank, out int axis);
        return new Normalization(
            kind,
            node.Attributes.Float("epsilon", 1e-5f),
            shape,
            Enumerable.Range(axis, shape.Rank - axis).ToArray(),
            node.Required(1).Shape,
            node.Input(2)?.Shape);
    }
}
