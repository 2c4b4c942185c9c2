using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Gives transposed convolutions to the kernels that need whole blocks of channels and two dimensions: groups that do not fill blocks become one
/// group with zeros between a channel and a foreign group, and a volume whose slices do not overlap (kernel = stride along the depth) is
/// computed slice by slice, the slices of one input slice as output channels side by side.
/// </summary>
internal sealed class TransposedConvolutionForms : NodePass
{
    /// <summary>More groups than this multiply the work by more than plain loops are slower.</summary>
    private const int MaxGroups = 32;

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

    private static bool TrySlices(Node node, GraphRewriter rewriter)
    {
        TransposedWindow window = TransposedWindow.Of(node);
        int depth = window.Kernel[0];
        Shape x = node.Required(0).Shape;
        Shape y = node.Output.Shape;
        if (window.Strides[0] != depth || window.Dilations[0] != 1 || window.PadsBefore[0] != 0 || y[2] != x[2] * depth)
        {
            return false;
        }

        Value volume = rewriter.Insert("Transpose", $"{node.Name}.slices", new[] { node.Required(0) }, ("perm", new long[] { 0, 2, 1, 3, 4 }));
        Value slices = rewriter.Reshape(volume, new Shape(x[0] * x[2], x[1], x[3], x[4]), $"{node.Name}.pictures");
        Value weights = rewriter.Reshape(
            node.Required(1), new Shape(x[1], y[1] * depth, window.Kernel[1], window.Kernel[2]), $"{node.Name}.weights");
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
        Value pictures = rewriter.InsertNode(node.Operator, node.Name, attributes, new[] { slices, weights }, 1)[0];
        Value parts = rewriter.Reshape(pictures, new Shape(x[0], x[2], y[1], depth, y[3], y[4]), $"{node.Name}.parts");
        Value result = rewriter.Insert("Transpose", $"{node.Name}.parts", new[] { parts }, ("perm", new long[] { 0, 2, 1, 3, 4, 5 }));
        result = rewriter.Reshape(result, y, node.Name);
        if (node.Input(2) is { } bias)
        {
            result = rewriter.Insert("Add", node.Name, new[] { result, rewriter.Reshape(bias, new Shape(y[1], 1, 1, 1), $"{node.Name}.bias") });
        }

        rewriter.ReplaceNode(node, result);
        return true;
    }
}
