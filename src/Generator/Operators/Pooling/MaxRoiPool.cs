using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Pooling;

/// <summary>
/// MaxRoiPool: the largest elements of the cells of a grid over each region of an image. Input 1 is [regions, 5], the number of the image and
/// the corners x1, y1, x2, y2, which belong to the region; output [regions, C, rows, columns] with 0 for cells outside the image.
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__MaxRoiPool.html. Opset 22 widened types. Corners are rounded half away from zero, cells in f32, as
/// in Fast R-CNN (https://arxiv.org/abs/1504.08083) and ONNX Runtime.
/// </remarks>
internal sealed class MaxRoiPool : Operator
{
    /// <summary>Numbers that describe a region.</summary>
    public const int RegionSize = 5;

    private const long MostCells = 1 << 20;

    public MaxRoiPool()
        : base("MaxRoiPool")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats.ToArray());
        context.RequireSameType(0, 1);
        context.RequireRank(0, 4);
        context.RequireRank(1, 2);
        (Shape image, Shape regions) = (context.Shape(0), context.Shape(1));
        if (regions[1] != RegionSize || (image[0] == 0 && regions[0] > 0))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "each region must have 5 numbers, and there must be an image");
        }

        long[] pooled = context.Attributes.Ints("pooled_shape") ?? Array.Empty<long>();
        if (pooled.Length != 2 || pooled.Any(static p => p is < 1 or > MostCells) || pooled[0] * pooled[1] > MostCells)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"pooled_shape must be the rows and columns of each region, at most {MostCells} cells");
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(new long[] { regions[0], image[1], pooled[0], pooled[1] }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        (Tensor x, Tensor rois) = (inputs[0]!, inputs[1]!);
        Shape output = node.Output.Shape;
        var bytes = new byte[output.ElementCount * x.Type.Size()];
        for (int i = 0; i < output.ElementCount; i++)
        {
            int region = i / (int)output.Product(1, 4);
            double image = ElementEvaluation.Read(rois, region * RegionSize);
            if (!(image > -1 && image < x.Shape[0]))
            {
                throw new ModelException(DiagnosticCodes.ShapeMismatch, $"A region is of image {image}, but there are {x.Shape[0]}. Check the model with its exporter.");
            }

            (int top, int bottom) = Cells(node, rois, region, 1, i / output[3] % output[2], output[2], x.Shape[2]);
            (int left, int right) = Cells(node, rois, region, 0, i % output[3], output[3], x.Shape[3]);
            int plane = ((int)image * x.Shape[1]) + (i / (output[2] * output[3]) % output[1]);
            ElementEvaluation.Write(bytes, x.Type, i, Largest(x, plane, top, bottom, left, right));
        }

        return new[] { Tensor.FromBytes(x.Type, output, bytes, "MaxRoiPool") };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            context.Add(new MaxRoiPoolStep(node, context.ReadPlain(node.Required(0)), context.ReadDense(node.Required(1)), output, ScaleOf(node)));
        }
    }

    private static float ScaleOf(Node node) => node.Attributes.Float("spatial_scale", 1);

    private static double Largest(Tensor x, int plane, int top, int bottom, int left, int right)
    {
        double best = top < bottom && left < right ? double.NegativeInfinity : 0;
        for (int h = top; h < bottom; h++)
        {
            for (int w = left; w < right; w++)
            {
                double element = ElementEvaluation.Read(x, (((plane * x.Shape[2]) + h) * x.Shape[3]) + w);
                best = element > best ? element : best;
            }
        }

        return best;
    }

    /// <summary>The rows or columns of the image that a cell of a region covers, clipped to the image.</summary>
    private static (int First, int End) Cells(Node node, Tensor rois, int region, int axis, int cell, int cells, int extent)
    {
        long Corner(int column)
        {
            double given = ElementEvaluation.Read(rois, (region * RegionSize) + 1 + column);
            double scaled = rois.Type == ElementType.Float64 ? given * ScaleOf(node) : (float)given * ScaleOf(node);
            double limited = scaled > -MaxRoiPoolStep.FurthestCorner ? Math.Min(scaled, MaxRoiPoolStep.FurthestCorner) : -MaxRoiPoolStep.FurthestCorner;
            return (long)(limited < 0 ? limited - 0.5 : limited + 0.5);
        }

        long start = Corner(axis);
        float size = (float)Math.Max(1, Corner(axis + 2) - start + 1) / cells;
        long Inside(double position) => Math.Min(extent, Math.Max(0, start + (long)position));
        return ((int)Inside(Math.Floor(cell * size)), (int)Inside(Math.Ceiling((cell + 1) * size)));
    }
}
