using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Normalization;

/// <summary>LpNormalization: x / Σ|x| or x / √Σx² along an axis; slices of zeros stay zeros.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__LpNormalization.html · Types: f32, f64 · Opsets: 22 added bfloat16.</remarks>
internal sealed class LpNormalization : NormalizationOperator
{
    public LpNormalization()
        : base("LpNormalization")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        InferResult(context);
        context.Axis(context.Attributes.Int("axis", -1), context.Shape(0).Rank);
        long p = context.Attributes.Int("p", 2);
        if (p is not (1 or 2))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, $"p is {p}; defined are 1 and 2");
        }
    }

    protected override Normalization Describe(Node node)
    {
        Shape shape = node.Required(0).Shape;
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", -1), shape.Rank, out int axis);
        return new Normalization(node.Attributes.Int("p", 2) == 1 ? NormalizationKind.L1 : NormalizationKind.L2, 0, shape, new[] { axis });
    }
}
