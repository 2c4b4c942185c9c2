using System.Runtime.CompilerServices;

namespace System;

/// <summary>The members that the compiler expands to instructions on every target with the hardware for them. The C library's functions are not here.</summary>
public static class MathF
{
    [Intrinsic]
    public static float Sqrt(float x) => Sqrt(x);

    [Intrinsic]
    public static float Abs(float x) => Abs(x);

    [Intrinsic]
    public static float FusedMultiplyAdd(float x, float y, float z) => FusedMultiplyAdd(x, y, z);

    public static float Max(float x, float y) => Math.Max(x, y);

    public static float Min(float x, float y) => Math.Min(x, y);
}

/// <inheritdoc cref="MathF"/>
public static partial class Math
{
    [Intrinsic]
    public static double Sqrt(double x) => Sqrt(x);

    [Intrinsic]
    public static double Abs(double x) => Abs(x);

    [Intrinsic]
    public static float Abs(float x) => Abs(x);

    public static int Abs(int x) => x < 0 ? -x : x;

    public static long Abs(long x) => x < 0 ? -x : x;

    public static sbyte Max(sbyte x, sbyte y) => x >= y ? x : y;

    public static sbyte Min(sbyte x, sbyte y) => x <= y ? x : y;

    public static byte Max(byte x, byte y) => x >= y ? x : y;

    public static byte Min(byte x, byte y) => x <= y ? x : y;

    public static short Max(short x, short y) => x >= y ? x : y;

    public static short Min(short x, short y) => x <= y ? x : y;

    public static ushort Max(ushort x, ushort y) => x >= y ? x : y;

    public static ushort Min(ushort x, ushort y) => x <= y ? x : y;

    public static int Max(int x, int y) => x >= y ? x : y;

    public static int Min(int x, int y) => x <= y ? x : y;

    public static uint Max(uint x, uint y) => x >= y ? x : y;

    public static uint Min(uint x, uint y) => x <= y ? x : y;

    public static long Max(long x, long y) => x >= y ? x : y;

    public static long Min(long x, long y) => x <= y ? x : y;

    public static ulong Max(ulong x, ulong y) => x >= y ? x : y;

    public static ulong Min(ulong x, ulong y) => x <= y ? x : y;

    public static int Clamp(int value, int min, int max) => value < min ? min : value > max ? max : value;

    /// <summary>The larger; NaN wins, +0 is larger than −0. Expanded where the processor has it, else this code.</summary>
    [Intrinsic]
    public static float Max(float x, float y) => x != y ? (x != x ? x : y < x ? x : y) : float.IsNegative(y) ? x : y;

    /// <summary>The smaller; NaN wins, −0 is smaller than +0.</summary>
    [Intrinsic]
    public static float Min(float x, float y) => x != y ? (x != x ? x : x < y ? x : y) : float.IsNegative(x) ? x : y;

    /// <inheritdoc cref="Max(float, float)"/>
    [Intrinsic]
    public static double Max(double x, double y) => x != y ? (x != x ? x : y < x ? x : y) : double.IsNegative(y) ? x : y;

    /// <inheritdoc cref="Min(float, float)"/>
    [Intrinsic]
    public static double Min(double x, double y) => x != y ? (x != x ? x : x < y ? x : y) : double.IsNegative(x) ? x : y;
}

/// <content>Rounding: expanded where the processor has it, else this code.</content>
public static partial class Math
{
    private const double WholeFrom = 4503599627370496;

    [Intrinsic]
    public static double Floor(double x)
    {
        double near = Round(x);
        return near > x ? near - 1 : near;
    }

    [Intrinsic]
    public static double Ceiling(double x)
    {
        double near = Round(x);
        return near < x ? WithSign(near + 1, x) : near;
    }

    /// <summary>The nearest whole number, ties to even.</summary>
    [Intrinsic]
    public static double Round(double x) => x >= WholeFrom || x <= -WholeFrom ? x
        : x < 0 ? WithSign((x - WholeFrom) + WholeFrom, x)
        : WithSign((x + WholeFrom) - WholeFrom, x);

    /// <summary>A zero with the sign of a number, other values as they are.</summary>
    private static double WithSign(double value, double sign) => value == 0 ? (double.IsNegative(sign) ? -0.0 : 0.0) : value;
}

public static class BitConverter
{
    [Intrinsic]
    public static unsafe int SingleToInt32Bits(float value) => *(int*)&value;

    [Intrinsic]
    public static unsafe float Int32BitsToSingle(int value) => *(float*)&value;

    [Intrinsic]
    public static unsafe uint SingleToUInt32Bits(float value) => *(uint*)&value;

    [Intrinsic]
    public static unsafe float UInt32BitsToSingle(uint value) => *(float*)&value;

    [Intrinsic]
    public static unsafe long DoubleToInt64Bits(double value) => *(long*)&value;

    [Intrinsic]
    public static unsafe double Int64BitsToDouble(long value) => *(double*)&value;

    [Intrinsic]
    public static unsafe ulong DoubleToUInt64Bits(double value) => *(ulong*)&value;

    [Intrinsic]
    public static unsafe double UInt64BitsToDouble(ulong value) => *(double*)&value;
}
