using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Resize and Upsample, in Resize's newest form: inputs X, roi, scales, sizes.</summary>
internal abstract class ResizingOperator : Operator, ITakesData
{
    /// <summary>Elements of one axis's tables beyond which a model is refused.</summary>
    private const long MaxTable = 1 << 24;

    protected ResizingOperator(string name)
        : base(name)
    {
    }

    public override (int Min, int Max) InputCount => (1, 4);

    /// <summary>Whole numbers are interpolated as real ones, and truncated.</summary>
    public override ElementType? ComputesIn(Node node) =>
        Parameters(node).Mode == "nearest" ? null : node.Required(0).Type == ElementType.Bool ? ElementType.Float32 : TypeSets.RealOf(node.Required(0).Type);

    public override void Infer(InferContext context)
    {
        ResizeParameters parameters = Parameters(context.Node);
        CheckParameters(context, parameters);
        Shape shape = context.Shape(0);
        int[] axes = AxesOf(context);
        long[] sizes = shape.Dimensions.Select(static d => (long)d).ToArray();
        var scales = Enumerable.Repeat(1f, shape.Rank).ToArray();
        if (Given(context.Node, 3))
        {
            Require(context, 3, "sizes", axes.Length);
            FromSizes(context, axes, context.RequireInts(3, "sizes"), sizes, scales);
        }
        else
        {
            FromScales(context, axes, sizes, scales);
        }

        CheckTables(context, shape, sizes, scales, parameters);
        CheckRoi(context, axes.Length, parameters);
        context.SetOutput(0, context.Type(0), context.MakeShape(sizes));
        context.Attributes.Set(ScalesAttribute, scales);
        context.Attributes.Set(AxesAttribute, axes.Select(static a => (long)a).ToArray());
    }

    public bool TryCompose(Node node, Composer compose) => ResizeComposition.TryWrite(node, Parameters(node), compose);

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        if (node.Output.Shape.ElementCount == 0)
        {
            return new[] { Tensor.FromBytes(node.Output.Type, node.Output.Shape, Array.Empty<byte>(), "empty") };
        }

        return new[] { Resample(inputs[0]!, Axes(node), node.Attributes.Float("extrapolation_value", 0)) };
    }

    /// <summary>Resamples a tensor along one axis after the other.</summary>
    public static Tensor Resample(Tensor source, IEnumerable<AxisResampling> axes, float extrapolation)
    {
        Tensor result = source;
        foreach (AxisResampling axis in axes)
        {
            result = axis.Evaluate(result.Type == ElementType.Float32 && !axis.IsCopy ? Widen(result) : result, extrapolation);
        }

        return result.Type == source.Type ? result : Narrow(result);
    }

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        bool identity = node.Output.Shape.ElementCount > 0 && node.Output.Shape.Equals(node.Required(0).Shape) && Axes(node).Count == 0;
        if (identity)
        {
            rewriter.ReplaceNode(node, node.Required(0));
        }

        return identity;
    }

    public override bool WritesStrided(Node node) => true;

    /// <summary>
    /// Blocked if the input is, and only pixels are resampled. Enlarged maps that leave their blocks behind, as a segmentation's classes do,
    /// leave them before: the copy is the smaller one, and no lane is empty.
    /// </summary>
    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        layouts.IsBlocked(node.Required(0))
            && LayoutQuery.CanBlock(node.Output)
            && Axes(node).All(static a => a.Axis >= 2)
            && !(node.Output.Shape.ElementCount > node.Required(0).Shape.ElementCount && layouts.EndsPlain(node.Output))
            ? LayoutKind.Blocked
            : LayoutKind.Plain;

    public override void Lower(Node node, LoweringContext context) =>
        ResizeLowering.Lower(
            node,
            SizeTracing.HasRunTimeSizes(node) ? PassesOfAllSizes(node, context.Graph) : Axes(node).Select(static a => new ResizePass(a, null)).ToArray(),
            node.Attributes.Float("extrapolation_value", 0),
            context);

    /// <summary>
    /// The axes at the greatest sizes. The table of an axis is made at run time unless those of smaller sizes are its beginnings: the same
    /// sums, of the last element where the input ends before.
    /// </summary>
    private IReadOnlyList<ResizePass> PassesOfAllSizes(Node node, Graph graph)
    {
        Shape shape = node.Output.Shape;
        AxisResampling[] greatest = Array.Empty<AxisResampling>();
        var changes = new HashSet<int>();
        var differs = new HashSet<int>();
        using (var inputs = new SampledInputs(node))
        {
            for (int sample = 0; sample < SizeSamples.Count; sample++)
            {
                inputs.Set(sample);
                Infer(new InferContext(node, sample, graph));
                if (node.Output.Shape.ElementCount == 0)
                {
                    continue;
                }

                AxisResampling[] tables = Tables(node);
                greatest = greatest.Length == 0 ? tables : greatest;
                changes.UnionWith(tables.Where(static t => !t.IsIdentity).Select(static t => t.Axis));
                differs.UnionWith(tables.Zip(greatest, static (t, g) => (t, g)).Where(static p => !p.t.IsBeginningOf(p.g)).Select(static p => p.g.Axis));
            }

            inputs.Set(0);
            Infer(new InferContext(node, 0, graph));
        }

        node.Output.Shape = shape;
        return Ordered(node, greatest.Where(t => changes.Contains(t.Axis))).Select(t => new ResizePass(t, differs.Contains(t.Axis) ? RuleAtRunTime(node, t.Axis) : null)).ToArray();
    }

    private static ResampleRule RuleAtRunTime(Node node, int axis)
    {
        ResizeParameters parameters = Parameters(node);
        int[] axes = node.Attributes.Ints(AxesAttribute)!.Select(static a => (int)a).ToArray();
        return new ResampleRule(parameters.Mode, parameters.Coordinates, parameters.NearestMode, parameters.CubicA, parameters.ExcludeOutside, parameters.Antialias, ScaleAtRunTime(node, axis, axes))
        {
            Crop = parameters.Coordinates == CropAndResize && Region(node, axes)[Array.IndexOf(axes, axis)] is var (start, end) ? new ResampleCrop(start, end) : null,
        };
    }

    /// <summary>The given scale, the ratio of the axis' lengths, or one for all axes, of the sizes that were given.</summary>
    private static ResampleScale ScaleAtRunTime(Node node, int axis, int[] axes)
    {
        Shape from = node.Required(0).Shape;
        if (!Given(node, 3))
        {
            return new ResampleScale(node.Attributes.Floats(ScalesAttribute)![axis], Array.Empty<(Extent, Extent)>(), Smallest: true);
        }

        string policy = node.Attributes.String("keep_aspect_ratio_policy", "stretch");
        if (policy == "stretch")
        {
            return new ResampleScale(null, new[] { (node.Output.Shape.Extent(axis), from.Extent(axis)) }, Smallest: true);
        }

        Value sizes = node.Required(3);
        long[] numbers = sizes.Constant?.ToInt64Array() ?? Array.Empty<long>();
        Extent Size(int i) => sizes.Sizes?.Elements is { } elements ? Extent.Of(elements[i]) : (int)numbers[i];
        return new ResampleScale(null, axes.Select((a, i) => (Size(i), from.Extent(a))).ToArray(), policy == "not_larger");
    }

    /// <summary>Scales of all axes, written by <see cref="Infer"/>: later stages need not know how they were given.</summary>
    private const string ScalesAttribute = "resolved_scales";

    private const string AxesAttribute = "resolved_axes";

    /// <summary>The only coordinate mode that reads the region of interest; in the others it may be anything, also unknown.</summary>
    public const string CropAndResize = "tf_crop_and_resize";

    /// <summary>The axes that change, in the order that costs least.</summary>
    private static IReadOnlyList<AxisResampling> Axes(Node node) => Ordered(node, Tables(node).Where(static t => !t.IsIdentity));

    private static IReadOnlyList<AxisResampling> Ordered(Node node, IEnumerable<AxisResampling> tables) =>
        tables.OrderByDescending(a => a.Precedence(node.Output.Shape.Rank)).ThenByDescending(static a => a.Axis).ToArray();

    /// <summary>How each of the axes that the operator was given is resampled; none for an empty output.</summary>
    private static AxisResampling[] Tables(Node node)
    {
        Shape from = node.Required(0).Shape;
        Shape to = node.Output.Shape;
        if (to.ElementCount == 0)
        {
            return Array.Empty<AxisResampling>();
        }

        float[] scales = node.Attributes.Floats(ScalesAttribute)!;
        int[] axes = node.Attributes.Ints(AxesAttribute)!.Select(static a => (int)a).ToArray();
        ResizeParameters parameters = Parameters(node);
        (double Start, double End)[] region = Region(node, axes);
        return axes.Select((axis, i) => ResizeAxis.Make(axis, from[axis], to[axis], scales[axis], region[i], parameters)).ToArray();
    }

    /// <summary>Start and end of the region that is read, of each of the axes in their units.</summary>
    private static (double Start, double End)[] Region(Node node, int[] axes)
    {
        double[] roi = Parameters(node).Coordinates == CropAndResize && Given(node, 1) ? Values(node.Required(1).Constant!) : Array.Empty<double>();
        return axes.Select((_, i) => roi.Length == 2 * axes.Length ? (roi[i], roi[axes.Length + i]) : (0, 1)).ToArray();
    }

    /// <summary>The attributes that all axes share.</summary>
    public static ResizeParameters Parameters(Node node)
    {
        AttributeMap a = node.Attributes;
        string mode = a.String("mode", "nearest");
        return new ResizeParameters(
            mode == "bilinear" ? "linear" : mode,
            a.String("coordinate_transformation_mode", "half_pixel"),
            a.String("nearest_mode", "round_prefer_floor"),
            a.Float("cubic_coeff_a", -0.75f),
            a.Flag("exclude_outside", false),
            a.Flag("antialias", false));
    }

    /// <summary>True if an input is there; exporters leave unused ones empty.</summary>
    public static bool Given(Node node, int input) => node.Input(input) is { } value && value.Shape.ElementCount > 0;

    private static int[] AxesOf(InferContext context)
    {
        int rank = context.Shape(0).Rank;
        long[] axes = context.Attributes.Ints("axes") ?? Enumerable.Range(0, rank).Select(static i => (long)i).ToArray();
        context.Axes(axes, rank);
        return axes.Select(a => context.Axis(a, rank)).ToArray();
    }

    private static void FromScales(InferContext context, int[] axes, long[] sizes, float[] scales)
    {
        if (!Given(context.Node, 2))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "it has neither scales nor sizes");
        }

        context.RequireType(2, ElementType.Float32);
        Require(context, 2, "scales", axes.Length);
        if (context.Input(2).Sizes is not null)
        {
            throw context.Fail(DiagnosticCodes.ShapeNotConstant, "its scales depend on run-time sizes", "Give the dimensions one value each.");
        }

        ReadOnlySpan<float> given = context.RequireConstant(2, "scales").Floats();
        for (int i = 0; i < axes.Length; i++)
        {
            float scale = given[i];
            if (!(scale > 0) || float.IsInfinity(scale))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"scale {scale} is not a positive number");
            }

            scales[axes[i]] = scale;
            sizes[axes[i]] = (long)Math.Min(1L << 40, Math.Floor((float)(scale * sizes[axes[i]])));
        }
    }

    private static void FromSizes(InferContext context, int[] axes, long[] given, long[] sizes, float[] scales)
    {
        string policy = context.Attributes.String("keep_aspect_ratio_policy", "stretch");
        Check(context, "keep_aspect_ratio_policy", policy, "stretch", "not_larger", "not_smaller");
        double[] ratios = axes.Select((a, i) => (double)given[i] / Math.Max(1, sizes[a])).ToArray();
        for (int i = 0; i < axes.Length; i++)
        {
            double ratio = policy switch
            {
                "not_larger" => ratios.Min(),
                "not_smaller" => ratios.Max(),
                _ => ratios[i],
            };
            scales[axes[i]] = (float)ratio;
            sizes[axes[i]] = policy == "stretch" ? given[i] : (long)Math.Min(1L << 40, Math.Floor((ratio * sizes[axes[i]]) + 0.5));
        }
    }

    /// <summary>Fails unless the attributes and the type of input 0 are such as the specification defines.</summary>
    public static void CheckParameters(InferContext context, ResizeParameters parameters)
    {
        Check(context, "mode", parameters.Mode, "nearest", "linear", "cubic");
        Check(context, "coordinate_transformation_mode", parameters.Coordinates, ResizeAxis.CoordinateModes);
        Check(context, "nearest_mode", parameters.NearestMode, ResizeAxis.NearestModes);
        if (parameters.Mode != "nearest")
        {
            context.RequireType(0, TypeSets.Floats);
        }

        if (parameters.Coordinates == CropAndResize && context.Attributes.Float("extrapolation_value", 0) != 0)
        {
            context.RequireType(0, TypeSets.All);
        }
    }

    /// <summary>Fails where an axis without elements is enlarged, or a table would be too large.</summary>
    public static void CheckTables(InferContext context, Shape shape, long[] sizes, float[] scales, ResizeParameters parameters)
    {
        for (int i = 0; i < shape.Rank; i++)
        {
            if (shape[i] == 0 && sizes[i] > 0)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"axis {i} is empty and cannot be enlarged to {sizes[i]}");
            }

            double taps = parameters.Antialias ? Math.Min(shape[i], 4 / Math.Min(1.0, scales[i])) : 4;
            if (sizes[i] > 0 && sizes[i] * taps > MaxTable)
            {
                throw context.Fail(DiagnosticCodes.TooLarge, $"axis {i} of the output would have {sizes[i]} elements", "Resize to a smaller size.");
            }
        }
    }

    private static void CheckRoi(InferContext context, int axes, ResizeParameters parameters)
    {
        if (parameters.Coordinates != CropAndResize)
        {
            return;
        }

        if (!Given(context.Node, 1))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "tf_crop_and_resize needs the input roi");
        }

        context.RequireType(1, TypeSets.Floats);
        if (context.Input(1).Sizes is not null)
        {
            throw context.Fail(DiagnosticCodes.ShapeNotConstant, "its region depends on run-time sizes", "Give the dimensions one value each.");
        }

        context.RequireConstant(1, "roi");
        Require(context, 1, "roi", 2 * axes);
        if (Values(context.Input(1).Constant!).Any(static v => double.IsNaN(v) || double.IsInfinity(v)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the region of interest is not finite");
        }
    }

    private static void Check(InferContext context, string attribute, string value, params string[] allowed)
    {
        if (!allowed.Contains(value))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, $"attribute '{attribute}' is \"{value}\"; supported: {string.Join(", ", allowed)}");
        }
    }

    private static void Require(InferContext context, int input, string role, int count)
    {
        if (context.Shape(input).ElementCount != count)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {input} ('{role}') must have {count} elements");
        }
    }

    private static double[] Values(Tensor tensor) =>
        Enumerable.Range(0, (int)tensor.Shape.ElementCount).Select(i => ElementEvaluation.Read(tensor, i)).ToArray();

    private static Tensor Widen(Tensor tensor) => Tensor.Create(ElementType.Float64, tensor.Shape, Values(tensor));

    private static Tensor Narrow(Tensor tensor) =>
        Tensor.Create(ElementType.Float32, tensor.Shape, Values(tensor).Select(static v => (float)v).ToArray());
}
