using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Composed;

/// <summary>
/// Pixels read between cells with linear weights along every axis: what GridSample and DeformConv have in common. An operator of the
/// compiler's own.
/// </summary>
/// <remarks>Inputs: cells [batch, cells, channels] with channels last and, per spatial axis, positions [batch, positions]. Output: [batch, positions, channels]. Type: f32.</remarks>
internal sealed class SampledPixels : Operator
{
    /// <summary>The most spatial axes: volumes.</summary>
    public const int MaxAxes = 3;

    private const string Extents = "extents";
    private const string Zeros = "zeros";

    public SampledPixels()
        : base("SampledPixels", Operator.InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (2, 1 + MaxAxes);

    /// <summary>The sampled pixels.</summary>
    /// <param name="compose">Where the node goes.</param>
    /// <param name="cells">f32 [batch, cells, channels].</param>
    /// <param name="positions">Per axis f32 [batch, positions].</param>
    /// <param name="extents">Cells along each axis.</param>
    /// <param name="zeros">True if what lies outside counts as zero; else positions beyond the borders read the border.</param>
    /// <returns>[batch, positions, channels].</returns>
    public static Value Write(Composer compose, Value cells, IReadOnlyList<Value> positions, IReadOnlyList<int> extents, bool zeros) => compose.Op(
        OperatorRegistry.Get("SampledPixels", Operator.InternalDomain),
        positions.Prepend(cells).Cast<Value?>().ToArray(),
        (Extents, extents.Select(static e => (long)e).ToArray()),
        (Zeros, zeros ? 1L : 0L));

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        context.RequireRank(0, 3);
        context.SetOutput(0, context.Type(0), context.MakeShape(new long[] { context.Shape(0)[0], context.Shape(1)[1], context.Shape(0)[2] }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape shape = node.Output.Shape;
        int[] extents = ExtentsOf(node);
        bool zeros = node.Attributes.Flag(Zeros, false);
        Tensor cells = inputs[0]!;
        var y = new float[shape.ElementCount];
        for (int at = 0; at < shape[0] * shape[1]; at++)
        {
            double[] position = Enumerable.Range(1, extents.Length).Select(a => ElementEvaluation.Read(inputs[a]!, at)).ToArray();
            foreach ((long cell, double weight) in Corners(position, extents, zeros))
            {
                long row = ((long)(at / shape[1]) * cells.Shape[1]) + cell;
                for (int c = 0; c < shape[2]; c++)
                {
                    y[(at * shape[2]) + c] += (float)(weight * ElementEvaluation.Read(cells, checked((int)((row * shape[2]) + c))));
                }
            }
        }

        return new[] { Tensor.Create(ElementType.Float32, shape, y) };
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * (1 << ExtentsOf(node).Length);

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView[] inputs = Enumerable.Range(0, 1 + ExtentsOf(node).Length).Select(i => context.ReadDense(node.Required(i))).ToArray();
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            context.Add(new SampledPixelsStep(node, inputs[0], inputs.Skip(1).ToArray(), ExtentsOf(node), node.Attributes.Flag(Zeros, false), output));
        }
    }

    private static int[] ExtentsOf(Node node) => node.Attributes.Ints(Extents)!.Select(static e => (int)e).ToArray();

    /// <summary>The cells around a position with their weights.</summary>
    private static IEnumerable<(long Cell, double Weight)> Corners(double[] position, int[] extents, bool zeros)
    {
        for (int corner = 0; corner < 1 << position.Length; corner++)
        {
            (long cell, double weight) = (0, 1);
            for (int a = 0; a < position.Length; a++)
            {
                double low = Math.Floor(position[a]);
                bool isSecond = ((corner >> (position.Length - 1 - a)) & 1) != 0;
                double whole = isSecond ? low + 1 : low;
                double last = extents[a] - 1;
                weight *= zeros && !(whole >= 0 && whole <= last) ? 0 : isSecond ? position[a] - low : 1 - (position[a] - low);
                cell = (cell * extents[a]) + (long)(whole > 0 ? Math.Min(whole, last) : 0);
            }

            if (weight != 0)
            {
                yield return (cell, weight);
            }
        }
    }
}
