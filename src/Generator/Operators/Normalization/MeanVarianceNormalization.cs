using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Normalization;

/// <summary>MeanVarianceNormalization: (x − mean) / (√variance + 1e-9) over <c>axes</c>, by default all but the channels of [N, C, H, W].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html · Types: f32, f64 · Opsets: 9 made the experimental
/// operator standard, which had a flag, across_channels, instead of axes; 13 added bfloat16.</remarks>
internal sealed class MeanVarianceNormalization : NormalizationOperator
{
    /// <summary>The constant of the operator's function body.</summary>
    private const double Epsilon = 1e-9;

    private static readonly long[] _defaultAxes = { 0, 2, 3 };

    public MeanVarianceNormalization()
        : base("MeanVarianceNormalization")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>Before it was standard, the operator had a flag for the one set of axes beside the default.</summary>
    public override void Upgrade(UpgradeContext context)
    {
        if (context.Opset < 9)
        {
            if (!context.Attributes.Flag("normalize_variance", true))
            {
                throw context.Fail(DiagnosticCodes.FeatureUnsupported, "attribute 'normalize_variance' is 0: only the mean would be normalised", "Export the model with opset 9 or newer.");
            }

            if (context.Attributes.Flag("across_channels", false))
            {
                context.Attributes.Set("axes", new long[] { 0, 1, 2, 3 });
            }
        }
    }

    public override void Infer(InferContext context)
    {
        InferResult(context);
        context.Axes(context.Attributes.Ints("axes") ?? _defaultAxes, context.Shape(0).Rank);
    }

    protected override Normalization Describe(Node node)
    {
        Shape shape = node.Required(0).Shape;
        long[] axes = node.Attributes.Ints("axes") ?? _defaultAxes;
        int[] normalized = axes.Select(a => (int)(a < 0 ? a + shape.Rank : a)).OrderBy(static a => a).ToArray();
        return new Normalization(NormalizationKind.Deviation, Epsilon, shape, normalized);
    }
}
