using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Gives convolutions over volumes (three spatial dimensions) to the kernels for pictures. A kernel of one row and column runs over
/// [depth, height · width]; one of depth 1 runs over every slice of the volume as a picture of its own; of any other, the slices that an
/// output slice reads become input channels side by side: Σ over d, c of w[m, c, d] · x[c, z + d] = Σ over (d, c) of w'[m, (d, c)] · x'[(d, c)].
/// Where every channel has a filter of its own, which channels side by side would not, it is the sum of one convolution per slice of the kernel.
/// </summary>
internal sealed class VolumeConvolution : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!Applies(node))
        {
            return false;
        }

        SpatialWindow window = Conv.Window(node);
        rewriter.ReplaceNode(node, IsColumn(window) ? AlongDepth(node, window, rewriter) : OfSlices(node, window, rewriter));
        return true;
    }

    private static bool Applies(Node node) => node.Is("Conv")
        && node.Required(0) is { Type: ElementType.Float32, Shape: { Rank: 5, IsDynamic: false } }
        && node.Required(1).IsConstant
        && node.Input(2) is null or { IsConstant: true }
        && node.Output.Shape.ElementCount > 0;

    /// <summary>True if the window is deep, one cell high and wide and visits every one.</summary>
    private static bool IsColumn(SpatialWindow window) => window.Kernel[0] > 1 && Enumerable.Range(1, 2)
        .All(d => window.Kernel[d] == 1 && window.Strides[d] == 1 && window.PadsBefore[d] == 0 && window.PadsAfter[d] == 0);

    private static Value AlongDepth(Node node, SpatialWindow window, GraphRewriter rewriter)
    {
        Shape x = node.Required(0).Shape;
        Value weights = rewriter.Reshape(node.Required(1), new Shape(node.Required(1).Shape.Dimensions.Take(3).Append(1).ToArray()), $"{node.Name}.weights");
        Value plane = rewriter.Reshape(node.Required(0), new Shape(x[0], x[1], x[2], x[3] * x[4]), $"{node.Name}.planes");
        Value y = Convolve(
            node,
            plane,
            weights,
            new long[] { window.Strides[0], 1 },
            new long[] { window.Dilations[0], 1 },
            new long[] { window.PadsBefore[0], 0, window.PadsAfter[0], 0 },
            rewriter);
        return rewriter.Reshape(y, node.Output.Shape, node.Name);
    }

    private static Value OfSlices(Node node, SpatialWindow window, GraphRewriter rewriter)
    {
        Shape y = node.Output.Shape;
        Value result = IsDepthwise(node) && window.Kernel[0] > 1
            ? SumOfTaps(node, window, rewriter)
            : ConvolvePictures(node, Stack(node, window, rewriter), StackedWeights(node, rewriter), window, true, rewriter);
        Value volume = rewriter.Reshape(result, new Shape(y[0], y[2], y[1], y[3], y[4]), $"{node.Name}.slices");
        return Transpose(volume, node.Name, rewriter);
    }

    /// <summary>True if each channel has a filter of its own.</summary>
    private static bool IsDepthwise(Node node) => Conv.Groups(node) > 1 && Conv.Groups(node) == node.Required(1).Shape[0] && node.Required(1).Shape[1] == 1;

    /// <summary>The sum over the slices of the kernel, each a convolution of the pictures that it meets.</summary>
    private static Value SumOfTaps(Node node, SpatialWindow window, GraphRewriter rewriter)
    {
        Value volume = Slices(node, window, rewriter);
        Shape shape = volume.Shape;
        int depth = window.Output[0];
        bool isOne = shape[0] == 1;
        Value pictures = isOne ? rewriter.Reshape(volume, new Shape(shape.Dimensions.Skip(1).ToArray()), $"{node.Name}.pictures") : volume;
        Shape w = node.Required(1).Shape;
        Value? sum = null;
        for (int tap = 0; tap < window.Kernel[0]; tap++)
        {
            Value read = Slice(node, pictures, isOne ? 0 : 1, (long)tap * window.Dilations[0], depth, window.Strides[0], rewriter);
            read = isOne ? read : rewriter.Reshape(read, new Shape(shape[0] * depth, shape[2], shape[3], shape[4]), $"{node.Name}.pictures");
            Value filter = GraphRewriter.Fold(Slice(node, node.Required(1), 2, tap, 1, 1, rewriter));
            filter = rewriter.Reshape(filter, new Shape(w[0], 1, w[3], w[4]), $"{node.Name}.weights");
            Value term = ConvolvePictures(node, read, filter, window, tap == 0, rewriter);
            sum = sum is null ? term : rewriter.Insert("Add", $"{node.Name}.sum", new[] { term, sum });
        }

        return sum!;
    }

    private static Value ConvolvePictures(Node node, Value pictures, Value weights, SpatialWindow window, bool hasBias, GraphRewriter rewriter) => Convolve(
        node,
        pictures,
        weights,
        window.Strides.Skip(1).Select(static s => (long)s).ToArray(),
        window.Dilations.Skip(1).Select(static d => (long)d).ToArray(),
        window.PadsBefore.Skip(1).Concat(window.PadsAfter.Skip(1)).Select(static p => (long)p).ToArray(),
        rewriter,
        hasBias);

    /// <summary>The pictures that the output slices read, [batch · output depth, groups · (kernel depth · channels of a group), height, width].</summary>
    private static Value Stack(Node node, SpatialWindow window, GraphRewriter rewriter)
    {
        int groups = Conv.Groups(node);
        int depth = window.Output[0];
        Shape shape = node.Required(0).Shape;
        Value volume = Slices(node, window, rewriter);
        var picture = new Shape(shape[0], depth, groups, shape[1] / groups, shape[3], shape[4]);
        Value[] taps = Enumerable.Range(0, window.Kernel[0])
            .Select(tap => rewriter.Reshape(Slice(node, volume, 1, (long)tap * window.Dilations[0], depth, window.Strides[0], rewriter), picture, $"{node.Name}.tap"))
            .ToArray();
        Value stacked = taps.Length == 1 ? taps[0] : rewriter.Insert("Concat", $"{node.Name}.stack", taps, ("axis", 3L));
        return rewriter.Reshape(stacked, new Shape(shape[0] * depth, shape[1] * taps.Length, shape[3], shape[4]), $"{node.Name}.pictures");
    }

    /// <summary>The input with its padding in depth, as slices: [batch, depth, channels, height, width].</summary>
    private static Value Slices(Node node, SpatialWindow window, GraphRewriter rewriter)
    {
        Value slices = Transpose(node.Required(0), $"{node.Name}.slices", rewriter);
        long behind = System.Math.Max(0, window.Overhang(0));
        return window.PadsBefore[0] > 0 || behind > 0
            ? rewriter.Insert("Pad", $"{node.Name}.pad", new[] { slices, Ints(rewriter, node, 0, window.PadsBefore[0], 0, 0, 0, 0, behind, 0, 0, 0) })
            : slices;
    }

    private static Value Slice(Node node, Value volume, int axis, long start, int count, int stride, GraphRewriter rewriter) => start == 0 && stride == 1 && count == volume.Shape[axis]
        ? volume
        : rewriter.Insert("Slice", $"{node.Name}.tap", new[]
        {
            volume,
            Ints(rewriter, node, start),
            Ints(rewriter, node, start + ((long)(count - 1) * stride) + 1),
            Ints(rewriter, node, axis),
            Ints(rewriter, node, stride),
        });

    /// <summary>The weights [outputs, channels, depth, …] as [outputs, depth · channels, …].</summary>
    private static Value StackedWeights(Node node, GraphRewriter rewriter)
    {
        Shape w = node.Required(1).Shape;
        return rewriter.Reshape(Transpose(node.Required(1), $"{node.Name}.weights", rewriter), new Shape(w[0], w[1] * w[2], w[3], w[4]), $"{node.Name}.weights");
    }

    /// <summary>The value with its dimensions 1 and 2 exchanged.</summary>
    private static Value Transpose(Value value, string name, GraphRewriter rewriter) => value.Shape[1] == 1 || value.Shape[2] == 1
        ? rewriter.Reshape(value, new Shape(value.Shape[0], value.Shape[2], value.Shape[1], value.Shape[3], value.Shape[4]), name)
        : GraphRewriter.Fold(rewriter.Insert("Transpose", name, new[] { value }, ("perm", new long[] { 0, 2, 1, 3, 4 })));

    private static Value Convolve(Node node, Value x, Value weights, long[] strides, long[] dilations, long[] pads, GraphRewriter rewriter, bool hasBias = true)
    {
        AttributeMap attributes = node.Attributes.Clone();
        attributes.Remove("auto_pad");
        attributes.Remove("kernel_shape");
        attributes.Set("strides", strides).Set("dilations", dilations).Set("pads", pads);
        var inputs = new List<Value?> { x, weights };
        if (hasBias && node.Input(2) is { } bias)
        {
            inputs.Add(bias);
        }

        return rewriter.InsertNode(node.Operator, node.Name, attributes, inputs, 1)[0];
    }

    private static Value Ints(GraphRewriter rewriter, Node node, params long[] values) => rewriter.Constant(Tensor.Vector(values), $"{node.Name}.ints");
}
