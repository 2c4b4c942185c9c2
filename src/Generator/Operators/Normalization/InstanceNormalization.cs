using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Normalization;

/// <summary>InstanceNormalization: (x − mean) / √(variance + ε) · scale + bias over each channel of each sample of [N, C, spatial…].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 22 added bfloat16.</remarks>
internal sealed class InstanceNormalization : NormalizationOperator
{
    public InstanceNormalization()
        : base("InstanceNormalization")
    {
    }

    public override (int Min, int Max) InputCount => (3, 3);

    public override void Infer(InferContext context)
    {
        InferResult(context);
        Shape shape = context.Shape(0);
        if (shape.Rank < 3)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "input 0 must have 3 or more dimensions");
        }

        RequireVector(context, 1, shape[1]);
        RequireVector(context, 2, shape[1]);
    }

    protected override int ChannelsOfGroup(Node node) => 1;

    protected override Normalization Describe(Node node)
    {
        Shape shape = node.Required(0).Shape;
        Shape channels = PadRight(shape.Rank, 1, shape.Extent(1));
        int[] spatial = Enumerable.Range(2, shape.Rank - 2).ToArray();
        return new Normalization(NormalizationKind.Variance, node.Attributes.Float("epsilon", 1e-5f), shape, spatial, channels, channels);
    }
}
