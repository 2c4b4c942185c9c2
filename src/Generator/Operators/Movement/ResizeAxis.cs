using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Operators.Movement;

/// <summary>The parameters of Resize that all axes share.</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">coordinate_transformation_mode.</param>
/// <param name="NearestMode">nearest_mode; <c>simple</c> is that of the versions before 11: floor, but ceil where the axis shrinks.</param>
/// <param name="CubicA">cubic_coeff_a.</param>
/// <param name="ExcludeOutside">True to give positions outside the input no weight.</param>
/// <param name="Antialias">True to widen the kernel where the axis shrinks.</param>
internal sealed record ResizeParameters(string Mode, string Coordinates, string NearestMode, double CubicA, bool ExcludeOutside, bool Antialias);

/// <summary>Makes the tables of Resize for one axis. Source: the operator's specification, https://onnx.ai/onnx/operators/onnx__Resize.html.</summary>
internal static class ResizeAxis
{
    public static readonly string[] CoordinateModes =
    {
        "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize", "tf_half_pixel_for_nn",
    };

    public static readonly string[] NearestModes = { "round_prefer_floor", "round_prefer_ceil", "floor", "ceil", "simple" };

    /// <summary>Makes the table.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="input">Its length, 1 or more.</param>
    /// <param name="output">Its length in the output.</param>
    /// <param name="scale">The scale, of which the output length may be a rounded product.</param>
    /// <param name="roi">Start and end of the region of interest, in units of the axis; only tf_crop_and_resize uses it.</param>
    /// <param name="parameters">What the axes share.</param>
    public static AxisResampling Make(int axis, int input, int output, float scale, (double Start, double End) roi, ResizeParameters parameters)
    {
        bool extrapolates = parameters.Coordinates == "tf_crop_and_resize";
        double At(int i) => Position(i, input, output, scale, roi, parameters.Coordinates);
        int first = 0;
        int end = output;
        if (extrapolates)
        {
            bool Outside(double p) => p < 0 || p > input - 1;
            while (first < end && Outside(At(first)))
            {
                first++;
            }

            while (end > first && Outside(At(end - 1)))
            {
                end--;
            }
        }

        if (parameters.Mode == "nearest")
        {
            int[] nearest = Enumerable.Range(0, output).Select(i => Clamp(Nearest(At(i), scale, parameters.NearestMode), input)).ToArray();
            return new AxisResampling(axis, input, output, 1, nearest, null, first, end);
        }

        // Twice, since long axes have too many to keep.
        var sums = new List<(int Index, double Weight)>();
        int taps = 1;
        for (int i = 0; i < output; i++)
        {
            FillSummands(sums, At(i), input, scale, parameters);
            taps = Math.Max(taps, sums.Count);
        }

        var indices = new int[output * taps];
        var weights = new double[output * taps];
        for (int i = 0; i < output; i++)
        {
            FillSummands(sums, At(i), input, scale, parameters);
            for (int t = 0; t < taps; t++)
            {
                (indices[(i * taps) + t], weights[(i * taps) + t]) = t < sums.Count ? sums[t] : (sums[0].Index, 0);
            }
        }

        return new AxisResampling(axis, input, output, taps, indices, weights, first, end).Simplify();
    }

    /// <summary>
    /// The input position of an output element. Computed in f32, as runtimes do: in higher precision, the rounding of the scale itself
    /// would move positions that are meant to be whole numbers below them. The resized length is scale · length, which may be fractional,
    /// as the specification and its conformance suite have it; ONNX Runtime rounds it down (https://github.com/onnx/onnx/issues/2462).
    /// </summary>
    private static double Position(int x, int input, int output, float scale, (double Start, double End) roi, string mode)
    {
        float width = (float)(scale * input);
        switch (mode)
        {
            case "align_corners":
                return width == 1 ? 0 : (float)((float)((float)x * (input - 1)) / (float)(width - 1));
            case "asymmetric":
                return (float)(x / scale);
            case "tf_half_pixel_for_nn":
                return (float)((x + 0.5f) / scale);
            case "tf_crop_and_resize":
                return (roi.Start * (input - 1)) + (width == 1
                    ? (roi.End - roi.Start) * (input - 1) / 2
                    : x * (roi.End - roi.Start) * (input - 1) / (width - 1));
            case "pytorch_half_pixel" when width == 1:
                return -0.5;
            case "half_pixel_symmetric":
                float shift = (float)(input / 2f * (float)(1 - (float)(output / width)));
                return (float)((float)(shift + (float)((x + 0.5f) / scale)) - 0.5f);
            default:
                return (float)((float)((x + 0.5f) / scale) - 0.5f);
        }
    }

    private static int Nearest(double position, float scale, string mode) => mode switch
    {
        "floor" => Whole(Math.Floor(position)),
        "ceil" => Whole(Math.Ceiling(position)),
        "round_prefer_ceil" => Whole(Math.Floor(position + 0.5)),
        "simple" => Whole(scale < 1 ? Math.Ceiling(position) : Math.Floor(position)),
        _ => Whole(Math.Ceiling(position - 0.5)),
    };

    /// <summary>The input elements around a position with their weights; positions outside the axis are moved to its ends.</summary>
    private static void FillSummands(List<(int Index, double Weight)> sums, double position, int input, double scale, ResizeParameters parameters)
    {
        sums.Clear();
        bool cubic = parameters.Mode == "cubic";
        double shrink = parameters.Antialias ? Math.Min(scale, 1) : 1;
        int radius = cubic ? 2 : 1;
        int left = Whole(Math.Floor(-radius / shrink)) + 1;
        int right = 1 - left;
        int origin = Whole(Math.Ceiling(position)) - 1;
        double ratio = position - origin;
        double total = 0;
        for (int i = left; i <= right; i++)
        {
            double distance = Math.Abs((i - ratio) * shrink);
            double weight = cubic ? Cubic(distance, parameters.CubicA) : Math.Max(0, 1 - distance);
            int index = origin + i;
            if (parameters.ExcludeOutside && (index < 0 || index >= input))
            {
                continue;
            }

            total += weight;
            int clamped = Clamp(index, input);
            int last = sums.Count - 1;
            if (last >= 0 && sums[last].Index == clamped)
            {
                sums[last] = (clamped, sums[last].Weight + weight);
            }
            else
            {
                sums.Add((clamped, weight));
            }
        }

        if (sums.Count == 0)
        {
            sums.Add((Clamp(origin, input), 1));
        }
        else if (parameters.ExcludeOutside || parameters.Antialias)
        {
            for (int i = 0; i < sums.Count; i++)
            {
                sums[i] = (sums[i].Index, sums[i].Weight / total);
            }
        }
    }

    /// <summary>The cubic convolution kernel. Source: R. Keys, Cubic Convolution Interpolation for Digital Image Processing, 1981.</summary>
    private static double Cubic(double x, double a) => x <= 1 ? (((((a + 2) * x) - (a + 3)) * x * x) + 1)
        : x < 2 ? (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a)
        : 0;

    private static int Whole(double value) => (int)Math.Max(-(1 << 30), Math.Min(1 << 30, value));

    private static int Clamp(int index, int length) => Math.Max(0, Math.Min(length - 1, index));
}
