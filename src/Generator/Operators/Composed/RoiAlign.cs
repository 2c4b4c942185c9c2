using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>RoiAlign: regions of an image, pooled from bilinear samples.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__RoiAlign.html. Opset 16 added half-pixel coordinates and made them the default. Where the
/// number of samples per bin is not given (sampling_ratio 0), it depends on the regions: constant ones of few sizes are pooled size by
/// size, all others sample by sample (<see cref="RegionSamples"/>).
/// </remarks>
internal sealed class RoiAlign : ComposedOperator
{
    private const long MostSamples = RegionForm.MostSamples;
    private const int MostGroups = 64;

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
        bool isFixed = !x.Shape.IsDynamic && !rois.Shape.IsDynamic;
        RegionGroup[]? groups = isFixed && samples == 0 && rois.Constant is { } known ? Groups(node, compose, known, (rows, columns)) : null;
        compose.Return(0, isFixed && samples > 0 ? Pooled(node, compose, rois, batches, (rows, columns), (samples, samples))
            : groups is { Length: <= MostGroups } ? Adaptive(node, compose, groups, batches, (rows, columns))
            : AtRunTime(node, compose, (rows, columns)));
    }

    private static Value AtRunTime(Node node, Composer compose, (long Rows, long Columns) bins)
    {
        Value x = node.Required(0);
        compose.Check(x.Shape[0] > 0 && x.Shape[2] > 0 && x.Shape[3] > 0, "there must be an image");
        ElementType type = x.Type == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32;
        Value image = compose.Transpose(compose.Cast(x, type), 0, 2, 3, 1);
        Value batches = compose.Cast(node.Required(2), ElementType.Int64);
        Value pooled = RegionSamples.Write(compose, image, compose.Cast(node.Required(1), type), batches, RegionForm.Of(node.Attributes, node.Opset), bins);
        return compose.Cast(compose.Transpose(pooled, 0, 3, 1, 2), x.Type);
    }

    /// <summary>The regions by their numbers of samples per bin.</summary>
    private static RegionGroup[] Groups(Node node, Composer compose, Tensor rois, (long Rows, long Columns) bins)
    {
        RegionGroup[] groups = Enumerable.Range(0, rois.Shape[0])
            .GroupBy(r => (Rows: Samples(node, rois, r, 1, bins.Rows), Columns: Samples(node, rois, r, 0, bins.Columns)))
            .Select(static g => new RegionGroup(g.Key.Rows, g.Key.Columns, g.ToArray()))
            .ToArray();
        return groups.All(static g => g.Rows <= MostSamples && g.Columns <= MostSamples)
            ? groups
            : throw compose.Fail(
                DiagnosticCodes.FeatureUnsupported,
                $"a region has more than {MostSamples} samples per bin along an axis",
                "Export the model with a sampling_ratio above 0.");
    }

    /// <summary>Regions with as many samples per bin as a bin is large: those of the same numbers of samples are pooled together.</summary>
    private static Value Adaptive(Node node, Composer compose, RegionGroup[] groups, Value batches, (long Rows, long Columns) bins)
    {
        if (groups.Length == 0)
        {
            return Zeros(node, compose, 0, bins);
        }

        Value all = compose.Concat(0, groups.Select(g => Group(node, compose, batches, bins, (g.Rows, g.Columns), g.Members)).ToArray());
        int[] order = groups.SelectMany(static g => g.Members).ToArray();
        return groups.Length == 1 ? all : compose.Gather(all, compose.Ints(Enumerable.Range(0, order.Length).Select(r => (long)System.Array.IndexOf(order, r)).ToArray()), 0);
    }

    private static Value Group(Node node, Composer compose, Value batches, (long Rows, long Columns) bins, (long Rows, long Columns) samples, int[] members)
    {
        if (samples.Rows < 1 || samples.Columns < 1)
        {
            return Zeros(node, compose, members.Length, bins);
        }

        Value picked = compose.Ints(members.Select(static m => (long)m).ToArray());
        return Pooled(node, compose, compose.Gather(node.Required(1), picked, 0), compose.Gather(batches, picked, 0), bins, samples);
    }

    private static Value Zeros(Node node, Composer compose, int regions, (long Rows, long Columns) bins)
    {
        Value x = node.Required(0);
        var shape = new Shape(regions, x.Shape[1], (int)bins.Rows, (int)bins.Columns);
        return compose.Numbers(x.Type, shape, new double[shape.ElementCount]);
    }

    /// <summary>Samples per bin along an axis: the bin's length in pixels, rounded up; none for a region that is empty or turned round.</summary>
    private static long Samples(Node node, Tensor rois, int region, int axis, long bins)
    {
        double Edge(int column)
        {
            double edge = ElementEvaluation.Read(rois, (region * 4) + column) * node.Attributes.Float("spatial_scale", 1);
            edge = rois.Type == ElementType.Float64 ? edge : (float)edge;
            return IsHalfPixel(node) ? edge - 0.5 : edge;
        }

        double extent = Edge(axis + 2) - Edge(axis);
        extent = IsHalfPixel(node) ? extent : System.Math.Max(1, extent);
        double size = rois.Type == ElementType.Float64 ? extent / bins : (float)extent / bins;
        return double.IsNaN(size) ? 0 : (long)System.Math.Ceiling(System.Math.Max(0, System.Math.Min(MostSamples + 1, size)));
    }

    /// <summary>Regions with the same numbers of samples per bin, as [regions, channels, rows, columns].</summary>
    private static Value Pooled(Node node, Composer compose, Value rois, Value batches, (long Rows, long Columns) bins, (long Rows, long Columns) samples)
    {
        Value x = node.Required(0);
        (long channels, int height, int width) = (x.Shape[1], x.Shape[2], x.Shape[3]);
        (long rows, long columns) = bins;

        // [regions, bins, samples] along each axis, then [regions, rows · columns · samples²].
        Value y = Coordinates(node, compose, rois, 1, rows, samples.Rows);
        Value x0 = Coordinates(node, compose, rois, 0, columns, samples.Columns);
        long regions = rois.Shape[0];
        long points = rows * columns * samples.Rows * samples.Columns;
        Value Spread(Value v, params long[] shape) =>
            compose.Reshape(compose.Expand(compose.Reshape(v, shape), regions, rows, columns, samples.Rows, samples.Columns), regions, points);
        Value py = Spread(y, regions, rows, 1, samples.Rows, 1);
        Value px = Spread(x0, regions, 1, columns, 1, samples.Columns);
        Value inside = compose.Mul(Within(compose, py, height), Within(compose, px, width));
        Value pixels = compose.Reshape(compose.Transpose(x, 0, 2, 3, 1), x.Shape[0], (long)height * width, channels);
        var sampler = new PixelSampler(compose, compose.Gather(pixels, batches, 0), new Extent[] { height, width });
        (Value Position, Value Weight)[][] taps = { Taps(compose, py, height), Taps(compose, px, width) };
        bool isMax = node.Attributes.String("mode", "avg") == "max";
        Value? pooled = null;
        foreach (var corner in PixelSampler.Corners(taps))
        {
            Value weight = compose.Mul(compose.Mul(corner[0].Weight, corner[1].Weight), inside);
            Value part = compose.Mul(sampler.At(new[] { corner[0].Position, corner[1].Position }), compose.Unsqueeze(weight, -1));
            pooled = pooled is null ? part : isMax ? compose.Op("Max", pooled, part) : compose.Add(pooled, part);
        }

        Value parts = compose.Reshape(pooled!, regions, rows, columns, samples.Rows * samples.Columns, channels);
        Value result = compose.Reduce(isMax ? "ReduceMax" : "ReduceMean", parts, keep: false, 3);
        return compose.Transpose(result, 0, 3, 1, 2);
    }

    private static Value Coordinates(Node node, Composer compose, Value rois, int axis, long bins, long samples)
    {
        bool half = IsHalfPixel(node);
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

    private static bool IsHalfPixel(Node node) =>
        RegionForm.Of(node.Attributes, node.Opset).IsHalfPixel;

    private static Value Within(Composer compose, Value position, int extent) => compose.Cast(
        compose.Op("And", compose.Op("GreaterOrEqual", position, compose.Scalar(-1, position.Type)), compose.Op("LessOrEqual", position, compose.Scalar(extent, position.Type))),
        position.Type);

    private static (Value Position, Value Weight)[] Taps(Composer compose, Value position, int extent) =>
        PixelSampler.Linear(compose, compose.Op("Clip", position, compose.Scalar(0, position.Type), compose.Scalar(extent - 1, position.Type))).ToArray();

    /// <summary>Regions with the same numbers of samples per bin.</summary>
    private sealed record RegionGroup(long Rows, long Columns, int[] Members);
}
