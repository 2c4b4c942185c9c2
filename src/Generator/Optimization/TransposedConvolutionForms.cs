using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Gives transposed convolutions to the kernels that need whole blocks of channels and two dimensions: groups that do not fill blocks become one
/// group with zeros between a channel and a foreign group, and a volume is computed slice by slice, the slices of one input slice as output
/// channels side by side.
/// </summary>
internal sealed class TransposedConvolutionForms : NodePass
{
    /// <summary>More groups than this multiply the work by more than plain loops are slower.</summary>
    private const int MaxGroups = 32;

    /// <summary>More slices than this to read for one are left to the plain loops: each is a copy of the input.</summary>
    private const int MaxTaps = 8;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!node.Is("ConvTranspose")
            || node.Required(0) is not { Type: ElementType.Float32, Shape: { IsDynamic: false } } x
            || node.Required(1).Constant is not { } weights
            || node.Output.Shape.ElementCount == 0)
        {
            return false;
        }

        int groups = (int)node.Attributes.Int("group", 1);
        if (groups is > 1 and <= MaxGroups && !ConvLowering.IsRegular(node, groups) && !DepthwiseLowering.Applies(node, groups))
        {
            node.SetInput(1, rewriter.Constant(Ungrouped(weights, groups), node.Required(1).Name));
            node.Attributes.Set("group", 1L);
            return true;
        }

        return x.Shape.Rank == 5 && groups == 1 && TrySlices(node, rewriter);
    }

    /// <summary>The weights [inputs, outputs of a group, …] as [inputs, outputs, …].</summary>
    private static Tensor Ungrouped(Tensor weights, int groups)
    {
        Shape from = weights.Shape;
        int taps = (int)from.Product(2, from.Rank);
        int outputs = from[1];
        int inputs = from[0] / groups;
        var to = new Shape(from.Dimensions.Select((d, i) => i == 1 ? d * groups : d).ToArray());
        return Tensor.LazyFloats(to, $"Ungrouped({groups},{weights.Recipe})", () =>
        {
            ReadOnlySpan<float> source = weights.Floats();
            var result = new float[to.ElementCount];
            for (int c = 0; c < from[0]; c++)
            {
                source.Slice(c * outputs * taps, outputs * taps).CopyTo(result.AsSpan(((c * groups) + (c / inputs)) * outputs * taps));
            }

            return result;
        });
    }

    /// <summary>
    /// Along the depth as <see cref="PhasesAsChannels"/> does in all dimensions: with k = stride · q + p, the slices stride · v + p of the untrimmed result
    /// are pictures that the slices v − q, side by side as channels, make with the weights of those k.
    /// </summary>
    private static bool TrySlices(Node node, GraphRewriter rewriter)
    {
        TransposedWindow window = TransposedWindow.Of(node);
        int taps = window.TapsOfPhase(0);
        int stride = window.Strides[0];
        if (window.Dilations[0] != 1 || taps > MaxTaps || (long)taps * stride > 2L * window.Kernel[0])
        {
            return false;
        }

        Shape x = node.Required(0).Shape;
        Shape y = node.Output.Shape;
        int depth = x[2] + taps - 1;
        Value slices = rewriter.Reshape(Stack(node, taps, rewriter), new Shape(x[0] * depth, x[1] * taps, x[3], x[4]), $"{node.Name}.pictures");
        AttributeMap attributes = node.Attributes.Clone();
        foreach (string name in new[] { "auto_pad", "kernel_shape", "output_shape", "output_padding" })
        {
            attributes.Remove(name);
        }

        long[] after = Enumerable.Range(1, 2).Select(window.PadAfter).ToArray();
        attributes.Set("strides", window.Strides.Skip(1).Select(static s => (long)s).ToArray())
            .Set("dilations", window.Dilations.Skip(1).Select(static d => (long)d).ToArray())
            .Set("pads", window.PadsBefore.Skip(1).Select(static p => (long)p).Concat(after.Select(static a => Math.Max(0, a))).ToArray())
            .Set("output_padding", after.Select(static a => Math.Max(0, -a)).ToArray());
        Value weights = SliceWeights(node, window, taps, rewriter);
        Value pictures = rewriter.InsertNode(node.Operator, node.Name, attributes, new[] { slices, weights }, 1)[0];
        Value parts = rewriter.Reshape(pictures, new Shape(x[0], depth, y[1], stride, y[3], y[4]), $"{node.Name}.parts");
        Value result = rewriter.Insert("Transpose", $"{node.Name}.parts", new[] { parts }, ("perm", new long[] { 0, 2, 1, 3, 4, 5 }));
        result = rewriter.Reshape(result, new Shape(y[0], y[1], depth * stride, y[3], y[4]), node.Name);
        result = Range(node, result, 2, window.PadsBefore[0], y[2], rewriter);
        if (node.Input(2) is { } bias)
        {
            result = rewriter.Insert("Add", node.Name, new[] { result, rewriter.Reshape(bias, new Shape(y[1], 1, 1, 1), $"{node.Name}.bias") });
        }

        rewriter.ReplaceNode(node, result);
        return true;
    }

    /// <summary>For every slice of the untrimmed result, those that its taps read: [batch, depth + taps − 1, taps · channels, height, width].</summary>
    private static Value Stack(Node node, int taps, GraphRewriter rewriter)
    {
        Value x = node.Required(0);
        int depth = x.Shape[2] + taps - 1;
        if (taps > 1)
        {
            x = rewriter.Insert("Pad", $"{node.Name}.pad", new[] { x, Ints(rewriter, node, 0, 0, taps - 1, 0, 0, 0, 0, taps - 1, 0, 0) });
        }

        Value volume = rewriter.Insert("Transpose", $"{node.Name}.slices", new[] { x }, ("perm", new long[] { 0, 2, 1, 3, 4 }));
        Value[] read = Enumerable.Range(0, taps).Select(q => Range(node, volume, 1, taps - 1 - q, depth, rewriter)).ToArray();
        return read.Length == 1 ? read[0] : rewriter.Insert("Concat", $"{node.Name}.stack", read, ("axis", 2L));
    }

    /// <summary>The weights [inputs, outputs, depth, …] as [taps · inputs, outputs · stride, …].</summary>
    private static Value SliceWeights(Node node, TransposedWindow window, int taps, GraphRewriter rewriter)
    {
        Value weights = node.Required(1);
        Shape w = weights.Shape;
        string name = $"{node.Name}.weights";
        int stride = window.Strides[0];
        if (taps * stride > w[2])
        {
            weights = GraphRewriter.Fold(rewriter.Insert("Pad", name, new[] { weights, Ints(rewriter, node, 0, 0, 0, 0, 0, 0, 0, (taps * stride) - w[2], 0, 0) }));
        }

        weights = rewriter.Reshape(weights, new Shape(w[0], w[1], taps, stride, w[3], w[4]), name);
        weights = GraphRewriter.Fold(rewriter.Insert("Transpose", name, new[] { weights }, ("perm", new long[] { 2, 0, 1, 3, 4, 5 })));
        return rewriter.Reshape(weights, new Shape(taps * w[0], w[1] * stride, w[3], w[4]), name);
    }

    /// <summary>Cells of one axis; the value itself if they are all.</summary>
    private static Value Range(Node node, Value value, int axis, int start, int count, GraphRewriter rewriter) => start == 0 && count == value.Shape[axis]
        ? value
        : rewriter.Slice(value, axis, start, count, node.Name);

    private static Value Ints(GraphRewriter rewriter, Node node, params long[] values) => rewriter.Constant(Tensor.Vector(values), $"{node.Name}.ints");
}
