using AotCompiler.Ir;

namespace AotCompiler.Operators.Normalization;

/// <summary>RMSNormalization: x / √(mean of x² + ε) · scale over the dimensions from <c>axis</c> on.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__RMSNormalization.html · Types: f32, f64 · Opsets: since 23. stash_type does not matter for these types.</remarks>
internal sealed class RMSNormalization : NormalizationOperator
{
    public RMSNormalization()
        : base("RMSNormalization")
    {
    }

    public override int Since => 23;

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        InferResult(context);
        TrailingGroups.Check(context, hasShift: false);
    }

    protected override Normalization Describe(Node node) => TrailingGroups.Describe(node, NormalizationKind.RootMeanSquare);
}
