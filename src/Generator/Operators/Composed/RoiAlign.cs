using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>RoiAlign: regions of an image, pooled from bilinear samples.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__RoiAlign.html. Opset 16 added half-pixel coordinates and made them the default. The number of
/// samples per bin must be given, since an adaptive one depends on the regions.
/// </remarks>
internal sealed class RoiAlign : ComposedOperator
{
    public RoiAlign()
        : base("RoiAlign")
    {
    }

    public override int Since => 10;

    public override (int Min, int Max) InputCount => (3, 3);

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value rois, Value batches) = (compose.Require(node.Required(0), TypeSets.Floats), node.Required(1), node.Required(2));
        compose.Check(x.Shape.Rank == 4 && rois.Shape.Rank == 2 && rois.Shape[1] == 4 && batches.Shape.Equals(new Shape(rois.Shape[0])), "the input must be an image, with 4 coordinates and one batch index per region");
        (long channels, int height, int width) = (x.Shape[1], x.Shape[2], x.Shape[3]);
        long rows = node.Attributes.Int("output_height", 1);
        long columns = node.Attributes.Int("output_width", 1);
        long samples = node.Attributes.Int("sampling_ratio", 0);
        compose.Check(rows > 0 && columns > 0 && rows * columns < 1 << 20, "the output height and width must be positive");
        if (samples < 1)
        {
            throw compose.Fail(DiagnosticCodes.FeatureUnsupported, "a sampling_ratio of 0, which takes as many samples as a region is large, is not supported", "Export the model with a sampling_ratio.");
        }

        compose.Check(samples <= 1 << 10, "the sampling_ratio is above 1024");

        // [regions, bins, samples] along each axis, then [regions, rows · columns · samples²].
        Value y = Coordinates(node, compose, rois, 1, rows, samples);
        Value x0 = Coordinates(node, compose, rois, 0, columns, samples);
        long regions = rois.Shape[0];
        long points = rows * columns * samples * samples;
        Value Spread(Value v, params long[] shape) =>
            compose.Reshape(compose.Expand(compose.Reshape(v, shape), regions, rows, columns, samples, samples), regions, points);
        Value py = Spread(y, regions, rows, 1, samples, 1);
        Value px = Spread(x0, regions, 1, columns, 1, samples);
        Value inside = compose.Mul(Within(compose, py, height), Within(compose, px, width));
        Value pixels = compose.Reshape(compose.Transpose(x, 0, 2, 3, 1), x.Shape[0], (long)height * width, channels);
        var sampler = new PixelSampler(compose, compose.Gather(pixels, batches, 0), new[] { height, width });
        (Value Position, Value Weight)[][] taps = { Taps(compose, py, height), Taps(compose, px, width) };
        bool isMax = node.Attributes.String("mode", "avg") == "max";
        Value? pooled = null;
        foreach (var corner in PixelSampler.Corners(taps))
        {
            Value weight = compose.Mul(compose.Mul(corner[0].Weight, corner[1].Weight), inside);
            Value part = compose.Mul(sampler.At(new[] { corner[0].Position, corner[1].Position }), compose.Unsqueeze(weight, -1));
            pooled = pooled is null ? part : isMax ? compose.Op("Max", pooled, part) : compose.Add(pooled, part);
        }

        Value bins = compose.Reshape(pooled!, regions, rows, columns, samples * samples, channels);
        Value result = compose.Reduce(isMax ? "ReduceMax" : "ReduceMean", bins, keep: false, 3);
        compose.Return(0, compose.Transpose(result, 0, 3, 1, 2));
    }

    private static Value Coordinates(Node node, Composer compose, Value rois, int axis, long bins, long samples)
    {
        bool half = node.Attributes.String("coordinate_transformation_mode", node.Opset < 16 ? "output_half_pixel" : "half_pixel") == "half_pixel";
        Value Number(double value) => compose.Scalar(value, rois.Type);
        Value Edge(int column)
        {
            Value edge = compose.Mul(compose.Slice(rois, 1, column, column + 1), Number(node.Attributes.Float("spatial_scale", 1)));
            return half ? compose.Sub(edge, Number(0.5)) : edge;
        }

        Value start = Edge(axis);
        Value extent = compose.Sub(Edge(axis + 2), start);
        extent = half ? extent : compose.Op("Max", extent, Number(1));
        double[] fractions = Enumerable.Range(0, (int)(bins * samples)).Select(i => ((i / samples) + (((i % samples) + 0.5) / samples)) / bins).ToArray();
        Value positions = compose.Add(start, compose.Mul(extent, compose.Numbers(rois.Type, new Shape(1, fractions.Length), fractions)));
        return compose.Reshape(positions, rois.Shape[0], bins, samples);
    }

    private static Value Within(Composer compose, Value position, int extent) => compose.Cast(
        compose.Op("And", compose.Op("GreaterOrEqual", position, compose.Scalar(-1, position.Type)), compose.Op("LessOrEqual", position, compose.Scalar(extent, position.Type))),
        position.Type);

    private static (Value Position, Value Weight)[] Taps(Composer compose, Value position, int extent) =>
        PixelSampler.Linear(compose, compose.Op("Clip", position, compose.Scalar(0, position.Type), compose.Scalar(extent - 1, position.Type))).ToArray();
}
