using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>RoiAlign: regions of an image, pooled from bilinear samples.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__RoiAlign.html. Opset 16 added half-pixel coordinates and made them the default. Where the
/// number of samples per bin is not given (sampling_ratio 0), it depends on the regions, so it is found when they are pooled
/// (<see cref="RegionSamples"/>).
/// </remarks>
internal sealed class RoiAlign : ComposedOperator
{
    private const long MostSamples = RegionForm.MostSamples;

    public RoiAlign()
        : base("RoiAlign")
    {
    }

    public override int Since => 10;

    public override (int Min, int Max) InputCount => (3, 3);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0 ? axis != 1 : axis == 0;

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value rois, Value batches) = (compose.Require(node.Required(0), TypeSets.Floats), node.Required(1), node.Required(2));
        compose.Check(x.Shape.Rank == 4 && rois.Shape.Rank == 2 && rois.Shape[1] == 4 && batches.Shape.Rank == 1 && batches.Shape.Extent(0) == rois.Shape.Extent(0), "the input must be an image, with 4 coordinates and one batch index per region");
        long rows = node.Attributes.Int("output_height", 1);
        long columns = node.Attributes.Int("output_width", 1);
        long samples = node.Attributes.Int("sampling_ratio", 0);
        compose.Check(rows > 0 && columns > 0 && rows * columns < 1 << 20, "the output height and width must be positive");
        compose.Check(samples is >= 0 and <= MostSamples, $"the sampling_ratio is not one of 0 to {MostSamples}");
        compose.Return(0, Pooled(node, compose, (rows, columns)));
    }

    private static Value Pooled(Node node, Composer compose, (long Rows, long Columns) bins)
    {
        Value x = node.Required(0);
        compose.Check(x.Shape[0] > 0 && x.Shape[2] > 0 && x.Shape[3] > 0, "there must be an image");
        ElementType type = x.Type == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32;
        Value image = compose.Transpose(compose.Cast(x, type), 0, 2, 3, 1);
        Value batches = compose.Cast(node.Required(2), ElementType.Int64);
        Value pooled = RegionSamples.Write(compose, image, compose.Cast(node.Required(1), type), batches, RegionForm.Of(node.Attributes, node.Opset), bins);
        return compose.Cast(compose.Transpose(pooled, 0, 3, 1, 2), x.Type);
    }
}
