using System;
using System.Globalization;

namespace AotCompiler.Runtime;

/// <summary>
/// Numbers that strings spell, as the ONNX operator Cast has it: decimal, with or without an exponent, and in any case NaN, INF,
/// INFINITY with or without a sign. White space around the number does not count.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Cast.html. A string that is no number becomes 0 and raises a flag, since kernels cannot throw.</remarks>
internal static class TextNumber
{
    private const NumberStyles Real = NumberStyles.Float;

    /// <summary>The number as f32.</summary>
    /// <param name="text">The string.</param>
    /// <param name="error">Set to 1 if the string is no number, else left as it is.</param>
    /// <returns>The nearest f32, or 0.</returns>
    public static float ToSingle(string text, ref int error) =>
        float.TryParse(text, Real, CultureInfo.InvariantCulture, out float value) && !float.IsInfinity(value) ? value : (float)ToDouble(text, ref error);

    /// <summary>The number as f64.</summary>
    /// <param name="text">The string.</param>
    /// <param name="error">Set to 1 if the string is no number, else left as it is.</param>
    /// <returns>The nearest f64, or 0.</returns>
    public static double ToDouble(string text, ref int error)
    {
        if (double.TryParse(text, Real, CultureInfo.InvariantCulture, out double value))
        {
            return value;
        }

        string word = (text ?? string.Empty).Trim();
        bool negative = word.StartsWith("-", StringComparison.Ordinal);
        switch ((negative || word.StartsWith("+", StringComparison.Ordinal) ? word.Substring(1) : word).ToUpperInvariant())
        {
            case "NAN":
                return double.NaN;
            case "INF":
            case "INFINITY":
                return negative ? double.NegativeInfinity : double.PositiveInfinity;
            default:
                error = 1;
                return 0;
        }
    }

    /// <summary>The number as a signed integer; a fraction is cut off.</summary>
    /// <param name="text">The string.</param>
    /// <param name="error">Set to 1 if the string is no number of 64 bits, else left as it is.</param>
    /// <returns>The integer, or 0.</returns>
    public static long ToInt64(string text, ref int error)
    {
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value))
        {
            return value;
        }

        double real = ToDouble(text, ref error);
        if (real is >= -9223372036854775808.0 and < 9223372036854775808.0)
        {
            return (long)real;
        }

        error = 1;
        return 0;
    }

    /// <summary>The number as an unsigned integer; a fraction is cut off.</summary>
    /// <param name="text">The string.</param>
    /// <param name="error">Set to 1 if the string is no number of 64 bits, else left as it is.</param>
    /// <returns>The integer, or 0; negative numbers keep their low bits.</returns>
    public static ulong ToUInt64(string text, ref int error) =>
        ulong.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out ulong value) ? value : unchecked((ulong)ToInt64(text, ref error));
}
