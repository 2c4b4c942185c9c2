using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Normalization;

/// <summary>MeanVarianceNormalization: (x − mean) / (√variance + 1e-9) over <c>axes</c>, by default all but the channels of [N, C, H, W].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html · Types: f32, f64 · Opsets: since 9; 13 added bfloat16.</remarks>
internal sealed class MeanVarianceNormalization : NormalizationOperator
{
    /// <summary>The constant of the operator's function body.</summary>
    private const double Epsilon = 1e-9;

    private static readonly long[] _defaultAxes = { 0, 2, 3 };

    public MeanVarianceNormalization()
        : base("MeanVarianceNormalization")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (1, 1);

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
