using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Composed;

/// <summary>
/// RoiAlign of regions that are known at run time only, with channels last. An operator of the compiler's own, with RoiAlign's attributes.
/// </summary>
/// <remarks>
/// Inputs: images [batch, height, width, channels], regions [regions, 4] of the same type, i64 numbers of their images [regions]. Output:
/// [regions, rows, columns, channels]. Types: f32, f64. A bin of more than <see cref="RegionForm.MostSamples"/> samples along an axis is an error of the run.
/// </remarks>
internal sealed class RegionSamples : Operator
{
    public RegionSamples()
        : base("RegionSamples", InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (3, 3);

    /// <summary>The pooled regions.</summary>
    /// <param name="compose">Where the node goes.</param>
    /// <param name="image">[batch, height, width, channels].</param>
    /// <param name="regions">Of the same type, [regions, 4].</param>
    /// <param name="batches">i64 [regions].</param>
    /// <param name="form">How regions become samples.</param>
    /// <param name="bins">Rows and columns of the result.</param>
    /// <returns>[regions, rows, columns, channels].</returns>
    public static Value Write(Composer compose, Value image, Value regions, Value batches, RegionForm form, (long Rows, long Columns) bins) => compose.Op(
        OperatorRegistry.Get("RegionSamples", InternalDomain),
        new Value?[] { image, regions, batches },
        ("mode", form.IsMax ? "max" : "avg"),
        ("coordinate_transformation_mode", form.IsHalfPixel ? "half_pixel" : "output_half_pixel"),
        ("sampling_ratio", (long)form.Samples),
        ("spatial_scale", form.Scale),
        ("output_height", bins.Rows),
        ("output_width", bins.Columns));

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32, ElementType.Float64);
        context.RequireSameType(0, 1);
        context.RequireRank(0, 4);
        context.SetOutput(0, context.Type(0), context.MakeShape(new[]
        {
            context.Shape(1)[0], context.Attributes.Int("output_height", 1), context.Attributes.Int("output_width", 1), context.Shape(0)[3],
        }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        (Tensor image, Shape shape, RegionForm form) = (inputs[0]!, node.Output.Shape, FormOf(node));
        var bytes = new byte[shape.ElementCount * image.Type.Size()];
        for (int region = 0; region < shape[0]; region++)
        {
            long batch = inputs[2]!.ToInt64Array()[region];
            if (batch < 0 || batch >= image.Shape[0])
            {
                throw new ModelException(DiagnosticCodes.ShapeMismatch, $"A region is of image {batch}, but there are {image.Shape[0]}. Check the model with its exporter.");
            }

            RegionAxis rows = RegionAxis.Of(inputs[1]!, region, 1, form, shape[1], image.Shape[1]);
            RegionAxis columns = RegionAxis.Of(inputs[1]!, region, 0, form, shape[2], image.Shape[2]);
            for (int cell = 0; cell < shape.Product(1, 4); cell++)
            {
                int channel = cell % shape[3];
                double Pixel(int y, int x) => ElementEvaluation.Read(image, checked((int)((((((batch * image.Shape[1]) + y) * image.Shape[2]) + x) * shape[3]) + channel)));
                double pooled = Pool(rows.Taps(cell / shape[3] / shape[2]), columns.Taps(cell / shape[3] % shape[2]), form, Pixel);
                ElementEvaluation.Write(bytes, image.Type, (region * (int)shape.Product(1, 4)) + cell, pooled);
            }
        }

        return new[] { Tensor.FromBytes(image.Type, shape, bytes, "RegionSamples") };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView[] inputs = Enumerable.Range(0, 3).Select(i => context.ReadDense(node.Required(i))).ToArray();
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            context.Add(new RegionSamplesStep(node, inputs[0], inputs[1], inputs[2], output, FormOf(node)));
        }
    }

    private static RegionForm FormOf(Node node) => RegionForm.Of(node.Attributes, Node.LatestOpset);

    private static double Pool(IReadOnlyList<RegionTap> rows, IReadOnlyList<RegionTap> columns, RegionForm form, Func<int, int, double> pixel)
    {
        double[] products = rows.SelectMany(_ => columns, static (y, x) => (Y: y, X: x)).SelectMany(s => new[]
        {
            s.Y.LowWeight * s.X.LowWeight * pixel(s.Y.Low, s.X.Low),
            s.Y.LowWeight * s.X.HighWeight * pixel(s.Y.Low, s.X.High),
            s.Y.HighWeight * s.X.LowWeight * pixel(s.Y.High, s.X.Low),
            s.Y.HighWeight * s.X.HighWeight * pixel(s.Y.High, s.X.High),
        }).ToArray();
        return products.Length == 0 ? 0 : form.IsMax ? products.Max() : products.Sum() / (products.Length / 4);
    }

    /// <summary>The cells around a sample along an axis and their weights, all 0 for a sample outside the image.</summary>
    private readonly record struct RegionTap(int Low, int High, double LowWeight, double HighWeight);

    /// <summary>A region along an axis: where it begins, the size of a bin, its samples, and the image's cells.</summary>
    private readonly record struct RegionAxis(double Start, double Bin, int Samples, int Extent, bool IsSingle)
    {
        /// <summary>Positions are rounded as the kernel rounds them, since a sample that crosses the border counts as zero.</summary>
        public static RegionAxis Of(Tensor regions, int region, int column, RegionForm form, int bins, int extent)
        {
            bool single = regions.Type == ElementType.Float32;
            double Round(double value) => single ? (float)value : value;
            double Edge(int at)
            {
                double edge = Round(ElementEvaluation.Read(regions, (region * 4) + at) * form.Scale);
                return form.IsHalfPixel ? Round(edge - 0.5) : edge;
            }

            double size = Round(Edge(column + 2) - Edge(column));
            double bin = Round((form.IsHalfPixel || !(size < 1) ? size : 1) / bins);
            double samples = form.Samples > 0 ? form.Samples : bin > 0 ? Math.Ceiling(bin) : 0;
            return samples <= RegionForm.MostSamples
                ? new RegionAxis(Edge(column), bin, (int)samples, extent, single)
                : throw new ModelException(DiagnosticCodes.LimitExceeded, $"A bin of a region has {samples} samples along an axis; at most {RegionForm.MostSamples} are supported. Export the model with a sampling_ratio above 0.");
        }

        public IReadOnlyList<RegionTap> Taps(int bin)
        {
            var taps = new RegionTap[Samples];
            for (int s = 0; s < taps.Length; s++)
            {
                taps[s] = Tap(bin, s);
            }

            return taps;
        }

        private RegionTap Tap(int bin, int sample)
        {
            double position = IsSingle
                ? (float)((float)((float)Start + (float)(bin * (float)Bin)) + (float)((float)((sample + 0.5f) * (float)Bin) / Samples))
                : Start + (bin * Bin) + ((sample + 0.5) * Bin / Samples);
            if (!(position >= -1 && position <= Extent))
            {
                return default;
            }

            double clipped = Math.Max(0, Math.Min(Extent - 1, position));
            int low = (int)clipped;
            return new RegionTap(low, Math.Min(low + 1, Extent - 1), 1 - (clipped - low), clipped - low);
        }
    }
}
