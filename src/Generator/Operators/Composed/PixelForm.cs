using System;
using System.Linq;
using AotCompiler.Emission;

namespace AotCompiler.Operators.Composed;

/// <summary>Which cells around a position count, and how; words are those of GridSample's attributes.</summary>
/// <param name="Taps">Cells along each axis: 1 at whole positions, 2 with linear weights, or 4 with those of Keys' cubic convolution.</param>
/// <param name="Padding">What a cell outside the image is: <see cref="Zeros"/>, <see cref="Border"/> or <see cref="Reflection"/>.</param>
/// <param name="AlignsCorners">True to reflect at the middle of the outermost cells, false at their edges.</param>
internal sealed record PixelForm(int Taps, string Padding, bool AlignsCorners)
{
    /// <summary>Cells of cubic weights.</summary>
    public const int Cubic = 4;

    /// <summary>Cells of linear weights.</summary>
    public const int Linear = 2;

    /// <summary>It counts as zero.</summary>
    public const string Zeros = "zeros";

    /// <summary>It is the nearest one inside.</summary>
    public const string Border = "border";

    /// <summary>It is the one that it is turned round to, at both borders until it is inside.</summary>
    public const string Reflection = "reflection";

    private const double A = -0.75;

    /// <summary>Factors of the polynomial of a cell's distance that is its weight, the highest power first.</summary>
    /// <param name="isNear">True for a distance of at most 1, false for one between 1 and 2.</param>
    /// <remarks>Source: R. Keys, Cubic Convolution Interpolation for Digital Image Processing, 1981; a = -0.75.</remarks>
    public static double[] CubicFactors(bool isNear) => isNear ? new[] { A + 2, -(A + 3), 0, 1 } : new[] { A, -5 * A, 8 * A, -4 * A };

    /// <summary>The cubic weight of a distance.</summary>
    public static double CubicWeight(double distance, bool isNear) => CubicFactors(isNear).Aggregate(0.0, (sum, factor) => (sum * distance) + factor);

    /// <summary>The same in code, in f32.</summary>
    public static string CubicWeight(string distance, bool isNear) =>
        CubicFactors(isNear).Skip(1).Aggregate(Literal.Of((float)CubicFactors(isNear)[0]), (sum, factor) => $"(({sum} * {distance}) + {Literal.Of((float)factor)})");

    /// <summary>A whole position, turned round at both borders of an axis until it is inside; NaN for an axis that has no room to turn.</summary>
    public double Reflected(double position, int extent)
    {
        double start = AlignsCorners ? 0 : -0.5;
        double range = AlignsCorners ? extent - 1 : extent;
        double distance = Math.Abs(position - start);
        return start + range - Math.Abs((distance % (2 * range)) - range);
    }
}
