using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// Numbers in lanes of 64 bits. Written for 128 bits; the project derives the other widths.

/// <summary>
/// Converts lanes of 64 bits between whole numbers and <see cref="double"/>, with the results of C#'s conversions of single numbers.
/// Called by generated code. Built from additions, which every processor has: conversions of 64-bit lanes are newer.
/// </summary>
public static partial class LaneConversion
{
    /// <summary>Whole numbers of at most 33 bits, exactly: they are the low bits of 1.5·2⁵² plus the number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> SmallToDouble(Vector128<long> x) => (x + Vector128.Create(0x4338000000000000L)).AsDouble() - Vector128.Create(6755399441055744.0);

    /// <summary>The nearest values of <see cref="double"/>, ties to even: both halves exactly, and a sum that rounds once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ToDouble(Vector128<long> x)
    {
        Vector128<double> high = SmallToDouble((x ^ Vector128.Create(long.MinValue)) >>> 32) - Vector128.Create(2147483648.0);
        return (high * Vector128.Create(4294967296.0)) + SmallToDouble(x & Vector128.Create(0xFFFFFFFFL));
    }

    /// <summary>
    /// Values that, rounded to <see cref="float"/>, are the nearest to x, ties to even. From 2⁵³ on, bits beyond what <see cref="double"/>
    /// holds are kept as one odd bit, so that the second rounding goes the way that x would.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ToWideSingle(Vector128<long> x)
    {
        Vector128<long> below = Vector128.Create(0x7FFL);
        Vector128<long> odd = (x | ((x & below) + below)) & ~below;
        Vector128<long> small = Vector128.LessThan(x, Vector128.Create(1L << 53)) & Vector128.GreaterThan(x, Vector128.Create(-(1L << 53)));
        return ToDouble(Vector128.ConditionalSelect(small, x, odd));
    }

    /// <summary>Towards zero; the ends of the range for what lies beyond it, 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> ToInt64(Vector128<double> x)
    {
        Vector128<double> whole = Vector128.Truncate(x);
        Vector128<double> high = Vector128.Floor(whole * Vector128.Create(1 / 4294967296.0));
        Vector128<long> result = (SmallToInt64(high) << 32) + SmallToInt64(whole - (high * Vector128.Create(4294967296.0)));
        result = Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(x, Vector128.Create(9223372036854775808.0)).AsInt64(), Vector128.Create(long.MaxValue), result);
        result = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128.Create(-9223372036854775808.0)).AsInt64(), Vector128.Create(long.MinValue), result);
        return result & Vector128.Equals(x, x).AsInt64();
    }

    /// <summary>Towards zero; the ends of the range of <see cref="int"/> for what lies beyond it, 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> ToInt32(Vector128<double> x)
    {
        Vector128<double> bounded = Vector128.MinNative(Vector128.MaxNative(Vector128.Truncate(x), Vector128.Create(-2147483648.0)), Vector128.Create(2147483647.0));
        return SmallToInt64(bounded) & Vector128.Equals(x, x).AsInt64();
    }

    /// <summary>Whole numbers between -2⁵¹ and 2⁵¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> SmallToInt64(Vector128<double> x) => (x + Vector128.Create(6755399441055744.0)).AsInt64() - Vector128.Create(0x4338000000000000L);
}
