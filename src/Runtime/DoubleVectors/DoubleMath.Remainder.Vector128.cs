using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// Remainders of f32. Written for 128 bits; the project derives the other widths.
public static partial class DoubleMath
{
    /// <summary>x - y·trunc(x / y), exact, with the sign of x, as <see cref="ScalarMath.Remainder(float, float)"/>.</summary>
    /// <remarks>
    /// Below 2²⁹ a whole quotient times 24 bits of y has no more than the 53 bits of a double, and so has what is left of x. The
    /// quotient may have been rounded up to the next whole number: then what is left is negative, and y too little.
    /// </remarks>
    public static Vector128<float> Remainder(Vector128<float> x, Vector128<float> y)
    {
        (Vector128<double> xLow, Vector128<double> xHigh) = Vector128.Widen(Vector128.Abs(x));
        (Vector128<double> yLow, Vector128<double> yHigh) = Vector128.Widen(Vector128.Abs(y));
        Vector128<double> quotientLow = xLow / yLow;
        Vector128<double> quotientHigh = xHigh / yHigh;
        Vector128<float> remainder = Vector128.Narrow(Left(xLow, yLow, quotientLow), Left(xHigh, yHigh, quotientHigh));
        remainder |= x & Vector128.Create(-0.0f);

        // NaN compares false, and the quotient of an infinite y is 0: its product would be NaN.
        Vector128<double> most = Vector128.Create(536870912.0);
        Vector128<double> largest = Vector128.Create((double)float.MaxValue);
        Vector128<long> exact = (Vector128.LessThan(quotientLow, most) & Vector128.LessThanOrEqual(yLow, largest)).AsInt64()
            & (Vector128.LessThan(quotientHigh, most) & Vector128.LessThanOrEqual(yHigh, largest)).AsInt64();
        return Vector128.EqualsAll(exact, Vector128<long>.AllBitsSet) ? remainder : RemaindersOneByOne(x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Left(Vector128<double> x, Vector128<double> y, Vector128<double> quotient)
    {
        Vector128<double> left = x - (Vector128.Truncate(quotient) * y);
        return left + (Vector128.LessThan(left, Vector128<double>.Zero) & y);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> RemaindersOneByOne(Vector128<float> x, Vector128<float> y)
    {
        for (int i = 0; i < Vector128<float>.Count; i++)
        {
            x = x.WithElement(i, ScalarMath.Remainder(x.GetElement(i), y.GetElement(i)));
        }

        return x;
    }
}
