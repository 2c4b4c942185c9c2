using System;
using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <summary>The operations of <c>Vector128</c> on one lane.</summary>
public static class Lane
{
    // From 2^23 on every float is an integer.
    private const float IntegerLimit = 8388608f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle Create(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 Create(int value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 Create(uint value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneDouble Create(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle CreateScalarUnsafe(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle ConditionalSelect(LaneSingle condition, LaneSingle left, LaneSingle right) => condition.AsInt32().Value != 0 ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 ConditionalSelect(LaneUInt32 condition, LaneUInt32 left, LaneUInt32 right) => condition.Value != 0 ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle LessThan(LaneSingle left, LaneSingle right) => Mask(left.Value < right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle GreaterThan(LaneSingle left, LaneSingle right) => Mask(left.Value > right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle GreaterThanOrEqual(LaneSingle left, LaneSingle right) => Mask(left.Value >= right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle LessThanOrEqual(LaneSingle left, LaneSingle right) => Mask(left.Value <= right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle Equals(LaneSingle left, LaneSingle right) => Mask(left.Value == right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 GreaterThan(LaneUInt32 left, LaneUInt32 right) => new(left.Value > right.Value ? uint.MaxValue : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EqualsAll(LaneInt32 left, LaneInt32 right) => left.Value == right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle Abs(LaneSingle vector) => new(MathF.Abs(vector.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle Sqrt(LaneSingle vector) => new(MathF.Sqrt(vector.Value));

    /// <summary>The second operand where either is NaN, as the mathematics expects.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle MinNative(LaneSingle left, LaneSingle right) => left.Value < right.Value ? left : right;

    /// <inheritdoc cref="MinNative(LaneSingle, LaneSingle)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle MaxNative(LaneSingle left, LaneSingle right) => left.Value > right.Value ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneDouble MinNative(LaneDouble left, LaneDouble right) => left.Value < right.Value ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneDouble MaxNative(LaneDouble left, LaneDouble right) => left.Value > right.Value ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle MultiplyAddEstimate(LaneSingle left, LaneSingle right, LaneSingle addend) => (left * right) + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneDouble MultiplyAddEstimate(LaneDouble left, LaneDouble right, LaneDouble addend) => (left * right) + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 ConvertToInt32Native(LaneSingle vector) => new((int)vector.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle ConvertToSingle(LaneInt32 vector) => new(vector.Value);

    /// <summary>To the nearest integer, ties to even; the sign of zero is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle Round(LaneSingle vector)
    {
        float magnitude = MathF.Abs(vector.Value);
        float rounded = magnitude < IntegerLimit ? (magnitude + IntegerLimit) - IntegerLimit : magnitude;
        return WithSign(rounded, vector);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle Floor(LaneSingle vector)
    {
        LaneSingle rounded = Round(vector);
        return rounded.Value > vector.Value ? new LaneSingle(rounded.Value - 1f) : rounded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle Ceiling(LaneSingle vector)
    {
        LaneSingle rounded = Round(vector);
        return rounded.Value < vector.Value ? WithSign(MathF.Abs(rounded.Value + 1f), vector) : rounded;
    }

    /// <summary>The lane twice: halves of a vector are one and the same here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (LaneDouble Lower, LaneDouble Upper) Widen(LaneSingle source) => (new LaneDouble(source.Value), new LaneDouble(source.Value));

    /// <summary>The first of the halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle Narrow(LaneDouble lower, LaneDouble upper) => new((float)lower.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LaneSingle Mask(bool condition) => new LaneInt32(condition ? -1 : 0).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LaneSingle WithSign(float magnitude, LaneSingle sign) =>
        new LaneInt32(BitConverter.SingleToInt32Bits(magnitude) | (sign.AsInt32().Value & int.MinValue)).AsSingle();
}
