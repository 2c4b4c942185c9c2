using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>
/// Resize whose scales or region are data, of the compiler's own; see <see cref="ResizeComposition"/>. Inputs: x; the region's starts and ends,
/// f64, optional; the scales, f32; the lengths of the output, i64 sizes. All have one entry per axis in the attribute <c>axes</c> (the region
/// two). The other attributes are Resize's.
/// </summary>
internal sealed class ResizeByScales : Operator
{
    private const int Region = 1;
    private const int Scales = 2;
    private const int Lengths = 3;

    public ResizeByScales()
        : base(nameof(ResizeByScales), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (4, 4);

    public override bool WritesStrided(Node node) => true;

    public override void Infer(InferContext context)
    {
        ResizeParameters parameters = ResizingOperator.Parameters(context.Node);
        ResizingOperator.CheckParameters(context, parameters);
        int[] axes = AxesOf(context.Node);
        context.RequireType(Scales, ElementType.Float32);
        long[] lengths = context.RequireInts(Lengths, "lengths");
        if (lengths.Length != axes.Length || context.Shape(Scales).ElementCount != axes.Length || axes.Any(a => a < 0 || a >= context.Shape(0).Rank)
            || (context.Has(Region) && (context.Type(Region) != ElementType.Float64 || context.Shape(Region).ElementCount != 2 * axes.Length)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "scales, lengths and axes do not fit each other");
        }

        long[] sizes = context.Shape(0).Dimensions.Select(static d => (long)d).ToArray();
        float[] ratios = Enumerable.Repeat(1f, sizes.Length).ToArray();
        for (int i = 0; i < axes.Length; i++)
        {
            ratios[axes[i]] = lengths[i] / (float)Math.Max(1, sizes[axes[i]]);
            sizes[axes[i]] = lengths[i];
        }

        ResizingOperator.CheckTables(context, context.Shape(0), sizes, ratios, parameters);
        context.SetOutput(0, context.Type(0), context.MakeShape(sizes));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape to = node.Output.Shape;
        if (to.ElementCount == 0)
        {
            return new[] { Tensor.FromBytes(node.Output.Type, to, Array.Empty<byte>(), "empty") };
        }

        int[] axes = AxesOf(node);
        ReadOnlySpan<float> scales = inputs[Scales]!.Floats();
        var tables = new List<AxisResampling>();
        for (int i = 0; i < axes.Length; i++)
        {
            (double, double) region = inputs[Region] is { } roi ? (ElementEvaluation.Read(roi, i), ElementEvaluation.Read(roi, axes.Length + i)) : (0, 1);
            tables.Add(ResizeAxis.Make(axes[i], inputs[0]!.Shape[axes[i]], to[axes[i]], scales[i], region, ResizingOperator.Parameters(node)));
        }

        return new[] { ResizingOperator.Resample(inputs[0]!, tables.Where(static t => !t.IsIdentity), node.Attributes.Float("extrapolation_value", 0)) };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        int[] axes = AxesOf(node);
        TensorView scales = context.ReadDense(node.Required(Scales));
        TensorView? region = node.Input(Region) is { } roi ? context.ReadDense(roi) : null;
        int[] changed = Enumerable.Range(0, axes.Length).Where(i => !StaysAsItIs(node, axes[i], i)).DefaultIfEmpty(0).ToArray();
        ResizePass[] passes = changed.Select(i => Pass(node, axes[i], new ResampleScale(null, Array.Empty<(Extent, Extent)>(), Smallest: true) { Data = (scales, i) }, region is null ? null : new ResampleCrop(0, 1) { Data = (region, i, axes.Length + i) }))
            .OrderByDescending(p => p.Axis.Precedence(node.Output.Shape.Rank))
            .ThenByDescending(static p => p.Axis.Axis)
            .ToArray();
        ResizeLowering.Lower(node, passes, node.Attributes.Float("extrapolation_value", 0), context);
    }

    private static ResizePass Pass(Node node, int axis, ResampleScale scale, ResampleCrop? crop)
    {
        ResizeParameters parameters = ResizingOperator.Parameters(node);
        var rule = new ResampleRule(parameters.Mode, parameters.Coordinates, parameters.NearestMode, parameters.CubicA, parameters.ExcludeOutside, parameters.Antialias, scale) { Crop = crop };
        int to = node.Output.Shape[axis];
        return new ResizePass(new AxisResampling(axis, node.Required(0).Shape[axis], to, rule.Taps, Array.Empty<int>(), null, 0, to), rule);
    }

    private static int[] AxesOf(Node node) => node.Attributes.Ints("axes")!.Select(static a => (int)a).ToArray();

    /// <summary>True for an axis whose scale is known to be 1, and that is read as a whole.</summary>
    private static bool StaysAsItIs(Node node, int axis, int index)
    {
        if (node.Input(Region) is not null || node.Output.Shape.Extent(axis) != node.Required(0).Shape.Extent(axis))
        {
            return false;
        }

        (Value source, int at) = ScalarSource.Find(node.Required(Scales), index);
        return source.Constant is { } constant ? ElementEvaluation.Read(constant, at) == 1
            : source.Sizes is { IsUndecided: false } sizes && Enumerable.Range(0, SizeSamples.Count).All(s => ElementEvaluation.Read(sizes.At(s), at) == 1);
    }
}
