using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Optimization;

/// <summary>
/// Products of codes whose zero point z is known only at run time, as a DynamicQuantizeLinear finds it: Σ(q − z)·w = Σq·w − z·Σw. The codes
/// are multiplied as they are, and the sums begin with −z·Σw, one number for each output channel.
/// </summary>
internal static class RunTimeZeroPoints
{
    /// <summary>True for a DequantizeLinear of 8-bit codes with one zero point of run time.</summary>
    public static bool Has(Node dequantize) => dequantize.Input(2) is { Shape.ElementCount: 1 } && QuantizationSettings.ZeroPoint(dequantize) is null;

    /// <summary>The sums of a Conv, MatMul or Gemm.</summary>
    /// <param name="node">The product.</param>
    /// <param name="left">The DequantizeLinear of its codes, which <see cref="Has"/>.</param>
    /// <param name="weights">Its weights as whole numbers.</param>
    /// <param name="bias">Whole numbers, one for each channel; null for none.</param>
    /// <param name="centred">Makes whole numbers of codes.</param>
    /// <param name="rewriter">Adds the nodes.</param>
    /// <returns>Null if integers do not hold the sums, or no kernel covers the product.</returns>
    public static Value? TrySum(Node node, Node left, Value weights, Value? bias, CentredCodes centred, GraphRewriter rewriter)
    {
        if (weights.Constant is not { } constant || !CodeProduct.Fits(node, constant, bias?.Constant))
        {
            return null;
        }

        return node.Operator.Name == "Conv" ? TryConv(node, left, weights, bias, centred, rewriter) : TryMatMul(node, left, weights, bias, centred, rewriter);
    }

    private static Value? TryMatMul(Node node, Node left, Value weights, Value? bias, CentredCodes centred, GraphRewriter rewriter)
    {
        Shape w = weights.Shape;
        if (node.Required(0).Shape.Rank < 2 || node.Attributes.Flag("transA", false) || w.Product(0, w.Rank - 2) != 1 || node.Output.Shape.Rank != node.Required(0).Shape.Rank)
        {
            return null;
        }

        Value matrix = rewriter.Reshape(weights, new Shape(w[w.Rank - 2], w[w.Rank - 1]), node.Name);
        if (node.Operator.Name == "Gemm" && node.Attributes.Flag("transB", false))
        {
            matrix = GraphRewriter.Fold(rewriter.Insert("Transpose", node.Name, new[] { matrix }));
        }

        Value start = Start(left, SumsOf(matrix.Constant!, matrix.Shape[1], channelsLast: true), bias, node.Name, rewriter);
        return rewriter.Insert(OperatorRegistry.Get(nameof(IntegerMatMul), Operator.InternalDomain), node.Name, new[] { centred.AsTheyAre(left.Required(0)), matrix, start });
    }

    private static Value? TryConv(Node node, Node left, Value weights, Value? bias, CentredCodes centred, GraphRewriter rewriter)
    {
        if (!IntegerConv.Covers(node.Required(0).Shape, node.Output.Shape) || DepthwiseLowering.Applies(node, Conv.Groups(node)))
        {
            return null;
        }

        SpatialWindow window = Conv.Window(node);
        Value codes = left.Required(0);
        if (window.PadsBefore.Concat(window.PadsAfter).Any(static p => p > 0))
        {
            long[] pads = new[] { 0, 0 }.Concat(window.PadsBefore).Concat(new[] { 0, 0 }).Concat(window.PadsAfter).Select(static p => (long)p).ToArray();
            Value zero = rewriter.Reshape(left.Required(2), Shape.Scalar, node.Name);
            codes = rewriter.Insert("Pad", node.Name, new[] { codes, rewriter.Constant(Tensor.Vector(pads), $"{node.Name}.pads"), zero });
        }

        var attributes = new (string, object)[]
        {
            ("group", (long)Conv.Groups(node)),
            ("strides", window.Strides.Select(static s => (long)s).ToArray()),
            ("dilations", window.Dilations.Select(static d => (long)d).ToArray()),
        };
        Value start = Start(left, SumsOf(weights.Constant!, weights.Shape[0], channelsLast: false), bias, node.Name, rewriter);
        return rewriter.Insert(OperatorRegistry.Get(nameof(IntegerConv), Operator.InternalDomain), node.Name, new[] { centred.AsTheyAre(codes), weights, start }, attributes);
    }

    /// <summary>What the sums begin with: bias − (z − lowest code) · Σw, i32.</summary>
    private static Value Start(Node left, Tensor sums, Value? bias, string name, GraphRewriter rewriter)
    {
        long low = left.Required(0).Type.Range().Low;
        Value zero = rewriter.Insert("Cast", name, new[] { rewriter.Reshape(left.Required(2), Shape.Scalar, name) }, ("to", (long)ElementType.Int32));
        if (low != 0)
        {
            zero = rewriter.Insert("Sub", name, new[] { zero, rewriter.Constant(Tensor.Create(ElementType.Int32, Shape.Scalar, new[] { (int)low }), $"{name}.low") });
        }

        Value start = rewriter.Insert("Mul", name, new[] { zero, rewriter.Constant(sums, $"{name}.sums") });
        return bias is null
            ? start
            : rewriter.Insert("Add", name, new[] { start, GraphRewriter.Fold(rewriter.Insert("Cast", name, new[] { bias }, ("to", (long)ElementType.Int32))) });
    }

    /// <summary>−Σw of each output channel, i32.</summary>
    private static Tensor SumsOf(Tensor weights, int channels, bool channelsLast)
    {
        ReadOnlySpan<float> w = weights.Floats();
        var sums = new int[channels];
        int terms = w.Length / Math.Max(1, channels);
        for (int i = 0; i < w.Length; i++)
        {
            sums[channelsLast ? i % channels : i / terms] -= (int)w[i];
        }

        return Tensor.Create(ElementType.Int32, new Shape(channels), sums, $"NegatedSums({weights.Recipe})");
    }
}
