using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Optimization;

/// <summary>
/// Whole sums that are scaled and then quantised have one factor, sx · sw / sy, in f32: one multiplication instead of two operations,
/// and the very codes that the quantised kernels of ONNX Runtime make.
/// </summary>
internal static class Requantization
{
    /// <summary>What the ends of the codes' range may lie beyond those of a Clip: the rounding of a scale.</summary>
    private const float RangeTolerance = 1.2e-7f;

    /// <summary>
    /// Joins the scale of a QuantizeLinear with that of the sums before it. A Relu between changes nothing, since scales are positive;
    /// where 0 is the lowest code, saturation does its work, as it does that of a Clip to numbers that have no codes anyway.
    /// </summary>
    public static bool TryJoin(Node node, GraphRewriter rewriter)
    {
        if (node.IsRemoved
            || node.Operator is not QuantizeOperator
            || node.Epilogue is not null
            || node.Required(0).Type != ElementType.Float32
            || node.Required(1) is not { Type: ElementType.Float32, Constant: { } constant } scale
            || ElementEvaluation.Uniform(constant) is not { } step
            || !(step > 0))
        {
            return false;
        }

        Value scaled = node.Required(0);
        if (scaled.Producer is { Epilogue: null, Operator.Name: "Clip" } clip && rewriter.HasSingleUse(scaled) && Saturates(node, (float)step, clip))
        {
            scaled = clip.Required(0);
        }

        Node? relu = scaled.Producer is { Epilogue: null, Operator.Name: "Relu" } found && rewriter.HasSingleUse(scaled) ? found : null;
        scaled = relu?.Required(0) ?? scaled;
        if (scaled.Producer is not { Operator: Rescale, Epilogue: null } rescale || rescale.Required(1).Constant is null || !rewriter.HasSingleUse(scaled))
        {
            return false;
        }

        Value factor = GraphRewriter.Fold(rewriter.Insert("Div", node.Name, new[] { rescale.Required(1), rewriter.Reshape(scale, Shape.Scalar, node.Name) }));
        Value sums = QuantizedProduct.Rescaled(rescale.Required(0), factor, node.Name, rewriter);
        bool saturates = QuantizationSettings.ZeroPoint(node) is { } zero && node.Output.Type.IsSmallInteger() && zero == node.Output.Type.Range().Low;
        Value real = relu is null || saturates ? sums : rewriter.InsertLike(relu, new[] { sums });
        Value one = rewriter.Constant(Tensor.Scalar(1), $"{node.Name}.one");
        rewriter.ReplaceNode(node, rewriter.InsertLike(node, new[] { real, one, node.Input(2) }));
        return true;
    }

    /// <summary>True if the numbers of the lowest and the highest code lie within the bounds of a Clip.</summary>
    private static bool Saturates(Node quantize, float step, Node clip)
    {
        if (!quantize.Output.Type.IsSmallInteger() || QuantizationSettings.ZeroPoint(quantize) is not { } zero)
        {
            return false;
        }

        (long low, long high) = quantize.Output.Type.Range();
        return Bound(clip.Input(1), float.NegativeInfinity) is { } least && least - (step * (float)(low - zero)) <= RangeTolerance
            && Bound(clip.Input(2), float.PositiveInfinity) is { } most && (step * (float)(high - zero)) - most <= RangeTolerance;
    }

    private static float? Bound(Value? value, float absent) => value is null ? absent : (float?)ElementEvaluation.Uniform(value.Constant);
}
