using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Optimization;

/// <summary>Brings Conv, MatMul and Gemm of dequantised operands into the form scale · product(whole numbers), or integers that nothing scales into sums of integers.</summary>
internal static class QuantizedProduct
{
    /// <summary>Below this f32 holds every whole number.</summary>
    private const double ExactLimit = 1 << 24;

    /// <summary>How much a bias's scale may differ from the product of the operands' scales, relatively: what rounding that product makes.</summary>
    private const double ScaleTolerance = 1e-5;

    /// <summary>Rewrites a node; false if its operands are not codes, or if its sums might not be exact, so that it stays real.</summary>
    public static bool TryRewrite(Node node, CentredCodes centred, GraphRewriter rewriter)
    {
        if (node.IsRemoved || node.Operator.Domain.Length > 0 || node.Operator.Name is not ("Conv" or "MatMul" or "Gemm") || node.Epilogue is not null
            || Dequantized(Narrowed(node.Required(0))) is not { } left || Dequantized(Narrowed(node.Required(1))) is not { } right
            || ResultOf(node, left, right, rewriter) is not { } result)
        {
            return false;
        }

        return result.Output.Type == ElementType.Int32
            ? IntegerSums.TryReplace(node, result, left, right, centred, rewriter) || (node.Output.Type == ElementType.Float32 && TryScale(node, node, left, right, centred, rewriter))
            : TryScale(node, result, left, right, centred, rewriter);
    }

    /// <summary>Replaces the result, f32, by scaled sums.</summary>
    private static bool TryScale(Node node, Node result, Node left, Node right, CentredCodes centred, GraphRewriter rewriter)
    {
        if (left.Required(1).Shape.ElementCount != 1
            || (node.Input(2) is not null && node.Attributes.Float("beta", 1) != 1)
            || OutputScale(node, right, rewriter) is not { } rightScale)
        {
            return false;
        }

        string name = node.Name;
        float alpha = node.Attributes.Float("alpha", 1);
        Value scale = GraphRewriter.Fold(rewriter.Insert("Mul", name, new[] { rewriter.Reshape(left.Required(1), Shape.Scalar, name), rightScale }));
        scale = alpha == 1 ? scale : GraphRewriter.Fold(rewriter.Insert("Mul", name, new[] { scale, rewriter.Constant(Tensor.Scalar(alpha), $"{name}.alpha") }));
        Value? addend = node.Input(2);
        Value? bias = addend is null ? null : WholeBias(addend, scale, rewriter);
        Value weights = centred.Of(right);
        Value? sums = IntegerSums.HasRunTimeZeroPoint(left) ? IntegerSums.TrySum(node, left, weights, bias, centred, rewriter) : null;
        if (sums is null)
        {
            bool exact = node.Output.Type == ElementType.Float32 && IsExact(node, CentredCodes.Range(left), right, weights, bias);
            if (!exact && !RunsOnIntegers(node, left, weights, bias))
            {
                return false;
            }

            sums = rewriter.InsertLike(node, bias is null ? new[] { centred.Of(left), weights } : new[] { centred.Of(left), weights, bias });
            sums.Producer!.Attributes.Remove("alpha");
            sums.Producer.Attributes.Set(Conv.ExactSums, 1L);
        }

        Value real = Rescaled(sums, scale, name, rewriter);
        if (addend is not null && bias is null)
        {
            real = rewriter.Insert("Add", name, new[] { real, node.Operator.Name == "Conv" ? rewriter.Reshape(addend, ChannelShape(node), name) : addend });
        }

        rewriter.ReplaceNode(result, real);
        return true;
    }

    /// <summary>Whole numbers times a scale.</summary>
    public static Value Rescaled(Value whole, Value scale, string name, GraphRewriter rewriter) =>
        rewriter.Insert(OperatorRegistry.Get(nameof(Rescale), Operator.InternalDomain), name, new[] { whole, scale });

    /// <summary>What a Cast to f64 or i32 widens, which does not change whole numbers.</summary>
    private static Value Narrowed(Value value) =>
        value is { Type: ElementType.Float64 or ElementType.Int32, Producer: { Epilogue: null, Operator.Name: "Cast" } cast } ? cast.Required(0) : value;

    /// <summary>
    /// The node whose result the sums are: the product, or a Cast of its whole numbers to i32, or what makes an f32 of them, as where
    /// MatMulInteger and a Cast follow each other. Null for a product in f64 that something else reads.
    /// </summary>
    private static Node? ResultOf(Node node, Node left, Node right, GraphRewriter rewriter)
    {
        if (!IsOne(left.Required(1)) || !IsOne(right.Required(1)) || node.Input(2) is not null)
        {
            return node.Output.Type == ElementType.Float32 ? node : null;
        }

        Node integers = CastOf(node, rewriter) is { Output.Type: ElementType.Int32 } cast ? cast : node;
        Node result = CastOf(integers, rewriter) is { Output.Type: ElementType.Float32 } real ? real : integers;
        return result.Output.Type is ElementType.Float32 or ElementType.Int32 ? result : null;
    }

    private static Node? CastOf(Node node, GraphRewriter rewriter) =>
        rewriter.HasSingleUse(node.Output) && node.Output.Uses[0].Node is { Operator.Name: "Cast", Epilogue: null } cast ? cast : null;

    private static bool IsOne(Value scale) => ElementEvaluation.Uniform(scale.Constant) == 1;

    private static Node? Dequantized(Value value) => value.Producer is { Operator: DequantizeOperator, Epilogue: null } node
        && node.Required(0).Type is ElementType.UInt8 or ElementType.Int8
        && node.Output.Type == ElementType.Float32
        && node.Required(1).Type == ElementType.Float32 ? node : null;

    private static Shape ChannelShape(Node node) => new(Enumerable.Repeat(1, node.Output.Shape.Rank - 1).Select((one, i) => i == 0 ? node.Output.Shape[1] : one));

    /// <summary>The right operand's scale in a shape that broadcasts to the result; null unless it is one number or one for each output channel.</summary>
    private static Value? OutputScale(Node node, Node right, GraphRewriter rewriter)
    {
        Value scale = right.Required(1);
        Shape codes = right.Required(0).Shape;
        if (scale.Shape.ElementCount == 1)
        {
            return rewriter.Reshape(scale, Shape.Scalar, node.Name);
        }

        bool conv = node.Operator.Name == "Conv";
        int axis = conv || (node.Operator.Name == "Gemm" && node.Attributes.Flag("transB", false)) ? 0 : codes.Rank - 1;
        int at = axis - (codes.Rank - scale.Shape.Rank);
        if (codes.Rank < 2 || at < 0 || scale.Shape[at] != scale.Shape.ElementCount)
        {
            return null;
        }

        return rewriter.Reshape(scale, conv ? ChannelShape(node) : new Shape(codes[axis]), node.Name);
    }

    /// <summary>A bias in units of the product's scale as whole numbers; null if it is something else.</summary>
    private static Value? WholeBias(Value bias, Value scale, GraphRewriter rewriter)
    {
        if (bias.Producer is not { Operator: DequantizeOperator, Epilogue: null } node
            || node.Required(0).Type != ElementType.Int32
            || node.Required(0).Constant is not { } codes
            || node.Required(1).Constant is not { } own
            || scale.Constant is not { } expected
            || QuantizationSettings.ZeroPoint(node) != 0)
        {
            return null;
        }

        long count = Math.Max(own.Shape.ElementCount, expected.Shape.ElementCount);
        if ((own.Shape.ElementCount != 1 && own.Shape.ElementCount != count) || (expected.Shape.ElementCount != 1 && expected.Shape.ElementCount != count))
        {
            return null;
        }

        for (int i = 0; i < count; i++)
        {
            double a = ElementEvaluation.Read(own, own.Shape.ElementCount == 1 ? 0 : i);
            double e = ElementEvaluation.Read(expected, expected.Shape.ElementCount == 1 ? 0 : i);
            if (!(Math.Abs(a - e) <= ScaleTolerance * Math.Abs(e)))
            {
                return null;
            }
        }

        for (int i = 0; i < codes.Shape.ElementCount; i++)
        {
            if (Math.Abs(ElementEvaluation.Read(codes, i)) >= ExactLimit)
            {
                return null;
            }
        }

        return GraphRewriter.Fold(rewriter.Insert("Cast", $"{bias.Name}", new[] { node.Required(0) }, ("to", (long)ElementType.Float32)));
    }

    /// <summary>True if the sums may be larger than f32 holds, since kernels that add integers take the product.</summary>
    private static bool RunsOnIntegers(Node node, Node left, Value weights, Value? bias) => CentredCodes.Applies(left)
        && node.Required(0).Shape.Rank >= 2
        && !node.Attributes.Flag("transA", false)
        && (node.Operator.Name != "Conv" || node.Required(0).Shape.Rank is 3 or 4)
        && weights.Constant is { } constant
        && CodeProduct.Fits(node, constant, bias?.Constant);

    /// <summary>True if every partial sum, in any order, is a whole number that f32 holds.</summary>
    private static bool IsExact(Node node, (double Low, double High) left, Node right, Value weights, Value? bias)
    {
        double reach = Math.Max(Math.Abs(left.Low), Math.Abs(left.High));
        double offset = bias is null ? 0 : LargestMagnitude(bias.Constant!);
        Shape shape = weights.Shape;
        if (weights.Constant is not { } constant || shape.Rank < 2)
        {
            (double low, double high) = CentredCodes.Range(right);
            double terms = node.Required(0).Shape is { Rank: > 0 } x ? node.Operator.Name == "Conv" ? shape.Product(1, shape.Rank) : x[node.Attributes.Flag("transA", false) ? 0 : x.Rank - 1] : 1;
            return (terms * reach * Math.Max(Math.Abs(low), Math.Abs(high))) + offset < ExactLimit;
        }

        bool leading = node.Operator.Name == "Conv" || (node.Operator.Name == "Gemm" && node.Attributes.Flag("transB", false));
        return LargestSum(constant, leading, left) + offset < ExactLimit;
    }

    private static double LargestMagnitude(Tensor tensor)
    {
        double largest = 0;
        for (int i = 0; i < tensor.Shape.ElementCount; i++)
        {
            largest = Math.Max(largest, Math.Abs(ElementEvaluation.Read(tensor, i)));
        }

        return largest;
    }

    /// <summary>The largest magnitude that a sum of some of the terms of an output channel can have.</summary>
    /// <param name="weights">Whole numbers; output channels are the first dimension, or the last.</param>
    /// <param name="leading">True if they are the first.</param>
    /// <param name="range">Range of the other factor, which includes 0.</param>
    private static double LargestSum(Tensor weights, bool leading, (double Low, double High) range)
    {
        ReadOnlySpan<float> values = weights.Floats();
        int channels = leading ? weights.Shape[0] : weights.Shape[weights.Shape.Rank - 1];
        int perMatrix = leading || weights.Shape.Rank == 2 ? values.Length : weights.Shape[weights.Shape.Rank - 2] * channels;
        int perChannel = leading ? values.Length / Math.Max(1, channels) : 1;
        var above = new double[channels];
        var below = new double[channels];
        double largest = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int channel = leading ? i / perChannel : i % channels;
            double a = values[i] * range.Low;
            double b = values[i] * range.High;
            above[channel] += Math.Max(0, Math.Max(a, b));
            below[channel] += Math.Min(0, Math.Min(a, b));
            largest = Math.Max(largest, Math.Max(above[channel], -below[channel]));
            if ((i + 1) % perMatrix == 0)
            {
                Array.Clear(above, 0, channels);
                Array.Clear(below, 0, channels);
            }
        }

        return largest;
    }
}
