using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// How a window slides over the spatial dimensions of [N, C, spatial…]; one entry per spatial dimension in every list.
/// Output cell o reads the input cells o·stride − before + k·dilation for k in 0..kernel-1; cells outside the input are padding.
/// </summary>
/// <param name="Input">Input cells, without padding.</param>
/// <param name="Kernel">Taps of the window.</param>
/// <param name="Strides">Input cells from one window to the next.</param>
/// <param name="Dilations">Input cells from one tap to the next.</param>
/// <param name="PadsBefore">Padding before the first input cell.</param>
/// <param name="PadsAfter">Declared padding behind the last; with <c>ceil_mode</c> windows may reach further, see <see cref="Overhang"/>.</param>
/// <param name="Output">Number of windows.</param>
internal sealed record SpatialWindow(
    int[] Input,
    int[] Kernel,
    int[] Strides,
    int[] Dilations,
    int[] PadsBefore,
    int[] PadsAfter,
    int[] Output)
{
    /// <summary>Number of spatial dimensions.</summary>
    public int Rank => Kernel.Length;

    /// <summary>Number of taps.</summary>
    public int Taps => Kernel.Aggregate(1, static (product, k) => product * k);

    /// <summary>True if no window reaches outside the input.</summary>
    public bool IsUnpadded => Enumerable.Range(0, Rank).All(i => PadsBefore[i] == 0 && Overhang(i) <= 0);

    /// <summary>Input cells from the first to the last tap, both included.</summary>
    public int Span(int dimension) => ((Kernel[dimension] - 1) * Dilations[dimension]) + 1;

    /// <summary>First input cell of a window; negative in the padding.</summary>
    public int Start(int dimension, int output) => (output * Strides[dimension]) - PadsBefore[dimension];

    /// <summary>Cells the last window reads behind the input's last cell; negative if the input's end is never read.</summary>
    public int Overhang(int dimension) => Start(dimension, Output[dimension] - 1) + Span(dimension) - Input[dimension];

    /// <summary>The taps of one window that lie inside the input: [first, end), empty if none does.</summary>
    public (int First, int End) Inside(int dimension, int output)
    {
        int start = Start(dimension, output);
        int dilation = Dilations[dimension];
        int first = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
        int end = start >= Input[dimension] ? 0 : Math.Min(Kernel[dimension], ((Input[dimension] - 1 - start) / dilation) + 1);
        return first < end ? (first, end) : (0, 0);
    }

    /// <summary>The windows that lie wholly inside the input: [first, end), empty if none does.</summary>
    public (int First, int End) Interior(int dimension)
    {
        int stride = Strides[dimension];
        int first = (PadsBefore[dimension] + stride - 1) / stride;
        int room = Input[dimension] - Span(dimension) + PadsBefore[dimension];
        int end = room < 0 ? 0 : Math.Min(Output[dimension], (room / stride) + 1);
        return first < end ? (first, end) : (0, 0);
    }

    /// <summary>
    /// Reads <c>strides</c>, <c>dilations</c>, <c>pads</c>, <c>auto_pad</c> and <c>ceil_mode</c> of a node whose input 0 is
    /// [N, C, spatial…], and computes the number of windows.
    /// </summary>
    /// <remarks>
    /// Spec: https://onnx.ai/onnx/operators/onnx__MaxPool.html. The same in all opsets; attributes an old version lacks have
    /// their defaults. In <c>ceil_mode</c> a last window that would start behind the input and its padding before is left out.
    /// </remarks>
    /// <param name="node">The node; its attributes are checked here.</param>
    /// <param name="kernel">Taps per spatial dimension: <see cref="KernelShape"/>, or the weight's trailing dimensions.</param>
    /// <exception cref="ModelException">An attribute is malformed or the window does not fit into the input.</exception>
    public static SpatialWindow Of(Node node, IReadOnlyList<int> kernel)
    {
        Shape shape = node.Required(0).Shape;
        int rank = shape.Rank - 2;
        if (rank < 1 || kernel.Count != rank)
        {
            throw Fail(node, $"the window has {kernel.Count} spatial dimensions, input 0 has {Math.Max(0, rank)}");
        }

        int[] strides = List(node, "strides", rank, 1, 1);
        int[] dilations = List(node, "dilations", rank, 1, 1);
        int[] pads = List(node, "pads", 2 * rank, 0, 0);
        string autoPad = node.Attributes.String("auto_pad", "NOTSET");
        bool ceil = node.Attributes.Flag("ceil_mode", false);
        var before = new int[rank];
        var after = new int[rank];
        var output = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            (long start, long end, long count) = autoPad switch
            {
                "NOTSET" or "" => Explicit(shape[i + 2], kernel[i], strides[i], dilations[i], pads[i], pads[i + rank], ceil),
                "VALID" => Explicit(shape[i + 2], kernel[i], strides[i], dilations[i], 0, 0, ceil),
                "SAME_UPPER" => Same(shape[i + 2], kernel[i], strides[i], dilations[i], extraBefore: false),
                "SAME_LOWER" => Same(shape[i + 2], kernel[i], strides[i], dilations[i], extraBefore: true),
                _ => throw Fail(node, $"auto_pad is '{autoPad}', not one of NOTSET, VALID, SAME_UPPER, SAME_LOWER"),
            };
            if (count <= 0)
            {
                throw Fail(node, $"the window does not fit into the padded input along spatial dimension {i}");
            }

            // Every cell a window names must have a 32-bit index, padding included.
            if (start + shape[i + 2] + end + (((long)kernel[i] - 1) * dilations[i]) + strides[i] > int.MaxValue)
            {
                throw Fail(node, $"padding, window and stride along spatial dimension {i} exceed 2³¹-1 cells");
            }

            before[i] = (int)start;
            after[i] = (int)end;
            output[i] = (int)count;
        }

        return new SpatialWindow(shape.Dimensions.Skip(2).ToArray(), kernel.ToArray(), strides, dilations, before, after, output);
    }

    /// <summary>The attribute <c>kernel_shape</c>, which pooling requires.</summary>
    /// <exception cref="ModelException">It is missing, malformed or has more than 2³¹-1 taps.</exception>
    public static int[] KernelShape(Node node)
    {
        long[] raw = node.Attributes.Ints("kernel_shape") ?? throw Fail(node, "the attribute 'kernel_shape' is missing");
        int[] kernel = Checked(node, "kernel_shape", raw, raw.Length, 1);
        if (kernel.Aggregate(1.0, static (product, k) => product * k) > int.MaxValue)
        {
            throw Fail(node, "the window has more than 2³¹-1 taps");
        }

        return kernel;
    }

    private static (long Before, long After, long Output) Explicit(int input, int kernel, int stride, int dilation, int before, int after, bool ceil)
    {
        long room = (long)input + before + after - (((kernel - 1L) * dilation) + 1);
        if (room < 0)
        {
            return (before, after, 0);
        }

        long output = (room / stride) + 1;
        if (ceil && room % stride != 0 && output * stride < (long)input + before)
        {
            output++;
        }

        return (before, after, output);
    }

    private static (long Before, long After, long Output) Same(int input, int kernel, int stride, int dilation, bool extraBefore)
    {
        long output = ((long)input + stride - 1) / stride;
        long total = Math.Max(0, ((output - 1) * stride) + ((kernel - 1L) * dilation) + 1 - input);
        long small = total / 2;
        return extraBefore ? (total - small, small, output) : (small, total - small, output);
    }

    private static int[] List(Node node, string name, int length, int minimum, int fallback) => node.Attributes.Ints(name) is { } raw
        ? Checked(node, name, raw, length, minimum)
        : Enumerable.Repeat(fallback, length).ToArray();

    private static int[] Checked(Node node, string name, long[] raw, int length, int minimum)
    {
        if (raw.Length != length)
        {
            throw Fail(node, $"the attribute '{name}' has {raw.Length} entries where {length} are needed");
        }

        if (raw.Any(v => v < minimum || v > int.MaxValue))
        {
            throw Fail(node, $"the attribute '{name}' is [{string.Join(", ", raw.Select(static v => $"{v}"))}]; entries must be {minimum} or more");
        }

        return raw.Select(static v => (int)v).ToArray();
    }

    private static ModelException Fail(Node node, string reason) =>
        new(DiagnosticCodes.ShapeMismatch, NodeContext.Describe(node, reason, "Check the model with its exporter."));
}
