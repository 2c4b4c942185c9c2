using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Composed;

/// <summary>Pixels read between cells: what GridSample and DeformConv have in common. An operator of the compiler's own.</summary>
/// <remarks>Inputs: an image [batch, extents…, channels] and, per spatial axis, positions [batch, positions]. Output: [batch, positions, channels]. Type: f32.</remarks>
internal sealed class SampledPixels : Operator
{
    /// <summary>The most spatial axes: volumes.</summary>
    public const int MaxAxes = 3;

    private const string TapsOfAxis = "taps";
    private const string Padding = "padding";
    private const string Corners = "corners";

    public SampledPixels()
        : base("SampledPixels", Operator.InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (2, 1 + MaxAxes);

    /// <summary>The sampled pixels.</summary>
    /// <param name="compose">Where the node goes.</param>
    /// <param name="image">f32 [batch, extents…, channels].</param>
    /// <param name="positions">Per axis f32 [batch, positions].</param>
    /// <param name="form">Which cells count, and how.</param>
    /// <returns>[batch, positions, channels].</returns>
    public static Value Write(Composer compose, Value image, IReadOnlyList<Value> positions, PixelForm form) => compose.Op(
        OperatorRegistry.Get("SampledPixels", Operator.InternalDomain),
        positions.Prepend(image).Cast<Value?>().ToArray(),
        (TapsOfAxis, (long)form.Taps),
        (Padding, form.Padding),
        (Corners, form.AlignsCorners ? 1L : 0L));

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        context.RequireRank(0, 1 + context.Node.Inputs.Count);
        context.SetOutput(0, context.Type(0), context.MakeShape(new long[] { context.Shape(0)[0], context.Shape(1)[1], context.Shape(0)[1 + AxesOf(context.Node)] }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape shape = node.Output.Shape;
        Tensor image = inputs[0]!;
        int[] extents = image.Shape.Dimensions.Skip(1).Take(AxesOf(node)).ToArray();
        long cells = image.Shape.Product(1, 1 + extents.Length);
        var y = new float[shape.ElementCount];
        for (int at = 0; at < shape[0] * shape[1]; at++)
        {
            double[] position = Enumerable.Range(1, extents.Length).Select(a => ElementEvaluation.Read(inputs[a]!, at)).ToArray();
            foreach ((long cell, double weight) in Sum(position, extents, FormOf(node)))
            {
                long row = (at / shape[1] * cells) + cell;
                for (int c = 0; c < shape[2]; c++)
                {
                    y[(at * shape[2]) + c] += (float)(weight * ElementEvaluation.Read(image, checked((int)((row * shape[2]) + c))));
                }
            }
        }

        return new[] { Tensor.Create(ElementType.Float32, shape, y) };
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * Math.Pow(FormOf(node).Taps, AxesOf(node));

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView[] inputs = Enumerable.Range(0, 1 + AxesOf(node)).Select(i => context.ReadDense(node.Required(i))).ToArray();
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            context.Add(new SampledPixelsStep(node, inputs[0], inputs.Skip(1).ToArray(), FormOf(node), output));
        }
    }

    private static int AxesOf(Node node) => node.Inputs.Count - 1;

    private static PixelForm FormOf(Node node) =>
        new((int)node.Attributes.Int(TapsOfAxis, PixelForm.Linear), node.Attributes.String(Padding, PixelForm.Zeros), node.Attributes.Flag(Corners, false));

    /// <summary>The cells around a position with their weights: all combinations of those along the axes.</summary>
    private static IEnumerable<(long Cell, double Weight)> Sum(double[] position, int[] extents, PixelForm form)
    {
        IEnumerable<(long Cell, double Weight)> sum = new[] { (0L, 1.0) };
        for (int a = 0; a < position.Length; a++)
        {
            (long Cell, double Weight)[] taps = Taps(position[a], extents[a], form).Where(static t => t.Weight != 0).ToArray();
            int extent = extents[a];
            sum = sum.SelectMany(s => taps, (s, t) => ((s.Cell * extent) + t.Cell, s.Weight * t.Weight)).ToArray();
        }

        return sum;
    }

    /// <summary>The cells along an axis with their weights.</summary>
    private static IEnumerable<(long Cell, double Weight)> Taps(double position, int extent, PixelForm form)
    {
        double low = Math.Floor(position);
        double part = position - low;
        int first = form.Taps == PixelForm.Cubic ? -1 : 0;
        for (int t = first; t < first + form.Taps; t++)
        {
            double whole = form.Padding == PixelForm.Reflection ? form.Reflected(low + t, extent) : low + t;
            double weight = form.Taps switch
            {
                1 => 1,
                PixelForm.Linear => t == 0 ? 1 - part : part,
                _ => PixelForm.CubicWeight(Math.Abs(part - t), t is 0 or 1),
            };
            bool counts = form.Padding != PixelForm.Zeros || (whole >= 0 && whole < extent);
            yield return ((long)(whole > 0 ? Math.Min(whole, extent - 1) : 0), counts ? weight : 0);
        }
    }
}
