using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Recognises GroupNormalization in what exporters write before opset 18, an InstanceNormalization of channels that a Reshape joined,
/// and takes constant factors and summands of channels behind GroupNormalization and InstanceNormalization into the node.
/// </summary>
internal sealed class ChannelNormalizationFusion : NodePass
{
    private const string Group = "GroupNormalization";
    private const string Instance = "InstanceNormalization";

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        Value? replacement = node.Output.Type != ElementType.Float32 ? null
            : node.Is("Reshape") ? Grouped(node, rewriter)
            : node.Is("Mul") ? Affine(node, static (scale, bias, factor) => (scale * factor, bias * factor), rewriter)
            : node.Is("Add") ? Affine(node, static (scale, bias, summand) => (scale, bias + summand), rewriter)
            : null;
        if (replacement is null)
        {
            return false;
        }

        rewriter.ReplaceNode(node, replacement);
        return true;
    }

    /// <summary>x of [N, C, …] seen as [N, groups, …], each group normalised, and seen as before.</summary>
    private static Value? Grouped(Node node, GraphRewriter rewriter)
    {
        if (node.Input(0).MakerOf(Instance) is not { } norm
            || norm.Required(0).MakerOf("Reshape")?.Input(0) is not { } x
            || !x.Shape.Equals(node.Output.Shape)
            || x.Shape.Rank < 3
            || x.Shape.IsDynamicAt(1)
            || norm.Required(0).Shape is not { } joined
            || joined.IsDynamicAt(1)
            || joined[1] == 0
            || x.Shape[1] % joined[1] != 0
            || !joined.Extent(0).Equals(x.Shape.Extent(0))
            || norm.Input(1)?.Constant is not { } scale
            || norm.Input(2)?.Constant is not { } bias)
        {
            return null;
        }

        int members = x.Shape[1] / joined[1];
        return Insert(Group, norm, x, Repeat(scale, members), Repeat(bias, members), rewriter, ("num_groups", (long)joined[1]), ("epsilon", norm.Attributes.Float("epsilon", 1e-5f)));
    }

    private static float[] Repeat(Tensor entries, int members)
    {
        var result = new float[entries.Shape.ElementCount * members];
        ReadOnlySpan<float> values = entries.Floats();
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[i / members];
        }

        return result;
    }

    /// <summary>A function of a normalisation's result and a constant per channel, as a normalisation.</summary>
    private static Value? Affine(Node node, Func<float, float, float, (float Scale, float Bias)> combine, GraphRewriter rewriter)
    {
        for (int i = 0; i < 2; i++)
        {
            if ((node.Input(i).MakerOf(Group) ?? node.Input(i).MakerOf(Instance)) is { } norm
                && rewriter.HasSingleUse(norm.Output)
                && norm.Output.Shape.Equals(node.Output.Shape)
                && norm.Input(1)?.Constant is { } scale
                && norm.Input(2)?.Constant is { } bias
                && scale.Shape.ElementCount == norm.Output.Shape[1]
                && PerChannel(node.Required(1 - i), norm.Output.Shape) is { } constant)
            {
                float[] scales = scale.Floats().ToArray();
                float[] biases = bias.Floats().ToArray();
                ReadOnlySpan<float> values = constant.Floats();
                for (int c = 0; c < scales.Length; c++)
                {
                    (scales[c], biases[c]) = combine(scales[c], biases[c], values[values.Length == 1 ? 0 : c]);
                }

                return Insert(norm.Operator.Name, norm, norm.Required(0), scales, biases, rewriter, norm.Attributes.Names.Select(n => (n, norm.Attributes.Raw(n)!)).ToArray());
            }
        }

        return null;
    }

    /// <summary>A constant with one element, or with one per channel.</summary>
    private static Tensor? PerChannel(Value value, Shape shape)
    {
        int axis = value.Shape.Rank - shape.Rank + 1;
        bool fits = value.Shape.ElementCount == 1 || (axis >= 0 && value.Shape[axis] == shape[1] && value.Shape.ElementCount == shape[1]);
        return fits && value.Type == ElementType.Float32 ? value.Constant : null;
    }

    private static Value Insert(string op, Node norm, Value x, float[] scale, float[] bias, GraphRewriter rewriter, params (string Name, object Value)[] attributes)
    {
        Value Constant(float[] values, string what) => rewriter.Constant(Tensor.Create(ElementType.Float32, new Shape(values.Length), values, what), $"{norm.Name}.{what}");
        return rewriter.Insert(op, norm.Name, new[] { x, Constant(scale, "scale"), Constant(bias, "bias") }, attributes);
    }
}
