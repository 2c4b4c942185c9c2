using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Normalization;

/// <summary>GroupNormalization: (x − mean) / √(variance + ε) · scale + bias over groups of neighbouring channels of [N, C, spatial…].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__GroupNormalization.html · Types: f32, f64 · Opsets: since 18, where scale and bias had one entry per group; 21 made it one per channel and added stash_type, which does not matter for these types.</remarks>
internal sealed class GroupNormalization : NormalizationOperator
{
    /// <summary>Set by <see cref="Upgrade"/>: scale and bias have one entry per group.</summary>
    private const string PerGroupAttribute = "aotc_per_group";

    public GroupNormalization()
        : base("GroupNormalization")
    {
    }

    public override int Since => 18;

    public override (int Min, int Max) InputCount => (3, 3);

    public override void Upgrade(UpgradeContext context)
    {
        if (context.Opset < 21)
        {
            context.Attributes.Set(PerGroupAttribute, 1L);
        }
    }

    public override void Infer(InferContext context)
    {
        InferResult(context);
        Shape shape = context.Shape(0);
        long groups = context.Attributes.Int("num_groups", 0);
        if (shape.Rank < 2 || groups < 1 || groups > int.MaxValue || shape[1] % groups != 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the channels cannot be split into {groups} groups");
        }

        int entries = context.Attributes.Flag(PerGroupAttribute, false) ? (int)groups : shape[1];
        RequireVector(context, 1, entries);
        RequireVector(context, 2, entries);
    }

    protected override int ChannelsOfGroup(Node node) => node.Attributes.Flag(PerGroupAttribute, false) || node.Required(0).Shape.IsDynamicAt(1)
        ? 0
        : node.Required(0).Shape[1] / (int)node.Attributes.Int("num_groups", 1);

    protected override Normalization Describe(Node node)
    {
        Shape shape = node.Required(0).Shape;
        int groups = (int)node.Attributes.Int("num_groups", 1);
        Extent size = Extent.Of(shape.Extent(1).Expression.FloorDivide(groups));
        var view = new Shape(new[] { shape.Extent(0), groups, size }.Concat(shape.Extents.Skip(2)));
        Shape entries = PadRight(view.Rank, 1, groups, node.Attributes.Flag(PerGroupAttribute, false) ? 1 : size);
        int[] axes = Enumerable.Range(2, view.Rank - 2).ToArray();
        return new Normalization(NormalizationKind.Variance, node.Attributes.Float("epsilon", 1e-5f), view, axes, entries, entries);
    }
}
