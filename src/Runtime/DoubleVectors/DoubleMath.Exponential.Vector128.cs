using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// Exponentials of several numbers, with the operations of the plain ones in the same order: the bits are the same, wherever in a
// vector an element stands. Written for 128 bits; the project derives the other widths.
public static partial class DoubleMath
{
    /// <summary>e^x of each element, with the bits of <see cref="Exp(double)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Exp(Vector128<double> x)
    {
        Vector128<double> e = SmallPart(x, out Vector128<double> k, out Vector128<double> r);

        // 2^k may be denormal or infinite, so it is two factors; the first product is exact.
        Vector128<double> most = Vector128.MaxNative(Vector128.Create(-1021.0), Vector128.MinNative(Vector128.Create(1023.0), k));
        Vector128<double> result = (Vector128<double>.One + (r + e)) * PowerOfTwo(most) * PowerOfTwo(k - most);
        result = Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128.Create(LargestExponent)), Vector128.Create(double.PositiveInfinity), result);
        return Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128.Create(SmallestExponent)), Vector128<double>.Zero, result);
    }

    /// <summary>tanh(x) of each element, with the bits of <see cref="Tanh(double)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Tanh(Vector128<double> x)
    {
        Vector128<double> magnitude = Vector128.Abs(x);
        Vector128<double> isLarge = Vector128.GreaterThanOrEqual(magnitude, Vector128<double>.One);
        Vector128<double> two = Vector128.Create(2.0);

        // e^a − 1 with a = ±2|x|, as the plain function has it.
        Vector128<double> e = SmallPart(Vector128.ConditionalSelect(isLarge, two, -two) * magnitude, out Vector128<double> k, out Vector128<double> r) + r;
        Vector128<double> power = PowerOfTwo(k);
        e = (e * power) + (power - Vector128<double>.One);
        Vector128<double> quotient = Vector128.ConditionalSelect(isLarge, two, -e) / (e + two);
        Vector128<double> result = Vector128.ConditionalSelect(isLarge, Vector128<double>.One - quotient, quotient);
        result = Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(magnitude, Vector128.Create(LargeArgument)), Vector128<double>.One, result);
        result = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<double>.Zero), -result, result);
        return Vector128.ConditionalSelect(Vector128.GreaterThan(magnitude, Vector128.Create(TinyArgument)), result, x);
    }

    // e^r − 1 − r for x = k·ln 2 + r.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> SmallPart(Vector128<double> x, out Vector128<double> k, out Vector128<double> r)
    {
        k = ((x * Vector128.Create(Log2OfE)) + Vector128.Create(RoundingShift)) - Vector128.Create(RoundingShift);
        Vector128<double> high = x - (k * Vector128.Create(Ln2High));
        Vector128<double> low = k * Vector128.Create(Ln2Low);
        r = high - low;
        return (r * r * ExponentialSeries(r)) + ((high - r) - low);
    }

    // 2^k for whole numbers k from −1022 to 1023, whose exponent bits the sum has at its end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> PowerOfTwo(Vector128<double> k) =>
        ((k + Vector128.Create(RoundingShift + 1023)).AsInt64() << 52).AsDouble();

    // (e^x − 1 − x) / x² for |x| ≤ ln 2 / 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ExponentialSeries(Vector128<double> x)
    {
        Vector128<double> p = Vector128.Create(1.0 / 6227020800);
        p = (p * x) + Vector128.Create(1.0 / 479001600);
        p = (p * x) + Vector128.Create(1.0 / 39916800);
        p = (p * x) + Vector128.Create(1.0 / 3628800);
        p = (p * x) + Vector128.Create(1.0 / 362880);
        p = (p * x) + Vector128.Create(1.0 / 40320);
        p = (p * x) + Vector128.Create(1.0 / 5040);
        p = (p * x) + Vector128.Create(1.0 / 720);
        p = (p * x) + Vector128.Create(1.0 / 120);
        p = (p * x) + Vector128.Create(1.0 / 24);
        p = (p * x) + Vector128.Create(1.0 / 6);
        return (p * x) + Vector128.Create(0.5);
    }
}
