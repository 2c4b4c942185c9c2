using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// Geometry of ConvTranspose, one entry per spatial dimension: input cell i adds to the output cells i·stride − before + k·dilation.
/// </summary>
/// <param name="Input">Input cells.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Strides">Output cells from one input cell to the next.</param>
/// <param name="Dilations">Output cells from one tap to the next.</param>
/// <param name="PadsBefore">Output cells cut off at the start.</param>
/// <param name="Output">Output cells.</param>
internal sealed record TransposedWindow(int[] Input, int[] Kernel, int[] Strides, int[] Dilations, int[] PadsBefore, int[] Output)
{
    public int Rank => Kernel.Length;

    public int Taps => Kernel.Aggregate(1, static (p, k) => p * k);

    /// <summary>Output cells cut off at the end; negative where cells are added.</summary>
    public long PadAfter(int dimension) =>
        ((long)Strides[dimension] * (Input[dimension] - 1)) + (((long)Kernel[dimension] - 1) * Dilations[dimension]) + 1 - PadsBefore[dimension] - Output[dimension];

    public bool HasUnitDilations => Dilations.All(static d => d == 1);

    /// <summary>
    /// The taps that one phase sees, of unit dilation: ⌈kernel / stride⌉, and more of zeros where outputs lie behind all that the taps reach.
    /// </summary>
    public int TapsOfPhase(int dimension)
    {
        int stride = Strides[dimension];
        long cells = ((long)PadsBefore[dimension] + Output[dimension] + stride - 1) / stride;
        return checked((int)Math.Max((Kernel[dimension] + stride - 1L) / stride, cells - Input[dimension] + 1));
    }

    /// <summary>Reads the attributes of a ConvTranspose node, whose input 0 is [N, C, spatial…] and input 1 [C, M / group, kernel…].</summary>
    /// <exception cref="ModelException">An attribute is malformed or the output would be empty.</exception>
    public static TransposedWindow Of(Node node)
    {
        Shape x = node.Required(0).Shape;
        int rank = x.Rank - 2;
        int[] kernel = node.Required(1).Shape.Dimensions.Skip(2).ToArray();
        int[] strides = List(node, "strides", rank, 1, 1);
        int[] dilations = List(node, "dilations", rank, 1, 1);
        int[] extra = List(node, "output_padding", rank, 0, 0);
        int[] pads = List(node, "pads", 2 * rank, 0, 0);
        int[]? wanted = WantedOutput(node, rank);
        string autoPad = node.Attributes.String("auto_pad", "NOTSET");
        var before = new int[rank];
        var output = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            long full = ((long)strides[i] * (x[i + 2] - 1)) + extra[i] + (((long)kernel[i] - 1) * dilations[i]) + 1;
            bool same = autoPad is "SAME_UPPER" or "SAME_LOWER";
            if (wanted is not null || same)
            {
                long target = wanted?[i] ?? (long)x[i + 2] * strides[i];
                long total = Math.Max(0, full - target);
                before[i] = (int)(autoPad == "SAME_UPPER" ? total / 2 : total - (total / 2));
                full = target;
            }
            else
            {
                bool valid = autoPad == "VALID";
                before[i] = valid ? 0 : pads[i];
                full -= valid ? 0 : pads[i] + (long)pads[i + rank];
            }

            if (full <= 0 || full > int.MaxValue)
            {
                throw Fail(node, $"the output would have {full} cells along spatial dimension {i}");
            }

            output[i] = (int)full;
        }

        return new TransposedWindow(x.Dimensions.Skip(2).ToArray(), kernel, strides, dilations, before, output);
    }

    /// <summary>Output cells cut off at the start of each dimension, for all sizes that the node's inputs may have in a run.</summary>
    public static Size[] SizesBefore(Node node)
    {
        TransposedWindow window = Of(node);
        string autoPad = node.Attributes.String("auto_pad", "NOTSET");
        int[]? wanted = WantedOutput(node, window.Rank);
        if (wanted is null && autoPad is not ("SAME_UPPER" or "SAME_LOWER"))
        {
            return window.PadsBefore.Select(static p => Size.Of(p)).ToArray();
        }

        Size[] full = SizesOfAll(node, window);
        return Enumerable.Range(0, window.Rank).Select(i =>
        {
            Size target = wanted is null ? node.Required(0).Shape.Extent(i + 2).Expression * Size.Of(window.Strides[i]) : Size.Of(wanted[i]);
            Size total = Size.Max(Size.Of(0), full[i] - target);
            return autoPad == "SAME_UPPER" ? total.FloorDivide(2) : total - total.FloorDivide(2);
        }).ToArray();
    }

    /// <summary>Output cells of each dimension where pads are given, for all sizes that the node's inputs may have in a run.</summary>
    public static Size[] SizesOfOutput(Node node)
    {
        TransposedWindow window = Of(node);
        long[] pads = node.Attributes.String("auto_pad", "NOTSET") == "VALID" ? new long[2 * window.Rank] : node.Attributes.Ints("pads") ?? new long[2 * window.Rank];
        return SizesOfAll(node, window).Select((full, i) => full - Size.Of(pads[i] + pads[i + window.Rank])).ToArray();
    }

    /// <summary>Output cells of each dimension before any are cut off.</summary>
    private static Size[] SizesOfAll(Node node, TransposedWindow window)
    {
        int[] extra = List(node, "output_padding", window.Rank, 0, 0);
        Size one = Size.Of(1);
        return Enumerable.Range(0, window.Rank).Select(i =>
        {
            Size x = node.Required(0).Shape.Extent(i + 2).Expression;
            Size taps = node.Required(1).Shape.Extent(i + 2).Expression;
            return ((x - one) * Size.Of(window.Strides[i])) + Size.Of(extra[i]) + ((taps - one) * Size.Of(window.Dilations[i])) + one;
        }).ToArray();
    }

    /// <summary>
    /// The outputs r, r + stride, … of one dimension see a fixed set of taps; each output j of them reads input cell j + offset.
    /// </summary>
    public TransposedPhase Phase(int dimension, int r)
    {
        int stride = Strides[dimension];
        int dilation = Dilations[dimension];
        int shift = r + PadsBefore[dimension];
        int[] taps = Enumerable.Range(0, Kernel[dimension]).Where(k => Modulo(shift - ((long)k * dilation), stride) == 0).ToArray();
        int outputs = r >= Output[dimension] ? 0 : ((Output[dimension] - 1 - r) / stride) + 1;
        return new TransposedPhase(r, outputs, taps, taps.Select(k => (int)((shift - ((long)k * dilation)) / stride)).ToArray());
    }

    private static long Modulo(long value, int modulus) => ((value % modulus) + modulus) % modulus;

    private static int[]? WantedOutput(Node node, int rank)
    {
        if (node.Attributes.Ints("output_shape") is not { Length: > 0 } shape)
        {
            return null;
        }

        // Some exporters give batch and channels too.
        long[] spatial = shape.Length == rank + 2 ? shape.Skip(2).ToArray() : shape;
        return spatial.Length == rank && spatial.All(static d => d is > 0 and <= int.MaxValue)
            ? spatial.Select(static d => (int)d).ToArray()
            : throw Fail(node, "output_shape does not fit the input");
    }

    private static int[] List(Node node, string name, int length, int minimum, int fallback)
    {
        long[]? raw = node.Attributes.Ints(name);
        if (raw is null || raw.Length == 0)
        {
            return Enumerable.Repeat(fallback, length).ToArray();
        }

        return raw.Length == length && raw.All(v => v >= minimum && v <= int.MaxValue / 2)
            ? raw.Select(static v => (int)v).ToArray()
            : throw Fail(node, $"the attribute '{name}' must have {length} entries of at least {minimum}");
    }

    private static ModelException Fail(Node node, string reason) =>
        new(DiagnosticCodes.ShapeMismatch, NodeContext.Describe(node, reason, "Check the model with its exporter."));
}

/// <summary>Every stride-th output of one dimension.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Outputs">How many there are.</param>
/// <param name="Taps">The kernel's taps they see.</param>
/// <param name="Offsets">For each tap, the input cell that output 0 of the phase reads.</param>
internal sealed record TransposedPhase(int First, int Outputs, int[] Taps, int[] Offsets)
{
    /// <summary>Input cells from one tap to the next; taps are evenly spaced.</summary>
    public int OffsetStep => Offsets.Length > 1 ? Offsets[1] - Offsets[0] : 0;
}
