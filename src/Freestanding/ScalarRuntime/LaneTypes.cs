using System;
using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

// Vectors of one lane, with the members of Vector128 that the vector mathematics uses: the compiler for 32-bit Arm has no vectors.

/// <summary>One <see cref="float"/>; a mask has all bits or none.</summary>
public readonly struct LaneSingle
{
    public readonly float Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneSingle(float value) => Value = value;

    public const int Count = 1;

    public static LaneSingle Zero => new(0f);

    public static LaneSingle One => new(1f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator +(LaneSingle left, LaneSingle right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator -(LaneSingle left, LaneSingle right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator *(LaneSingle left, LaneSingle right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator /(LaneSingle left, LaneSingle right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator &(LaneSingle left, LaneSingle right) => (left.AsInt32() & right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator |(LaneSingle left, LaneSingle right) => (left.AsInt32() | right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator ^(LaneSingle left, LaneSingle right) => (left.AsInt32() ^ right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator ~(LaneSingle vector) => (~vector.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneSingle operator -(LaneSingle vector) => new(-vector.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneInt32 AsInt32() => new(BitConverter.SingleToInt32Bits(Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneUInt32 AsUInt32() => new(BitConverter.SingleToUInt32Bits(Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToScalar() => Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float GetElement(int index) => Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneSingle WithElement(int index, float value) => new(value);
}

/// <summary>One <see cref="int"/>.</summary>
public readonly struct LaneInt32
{
    public readonly int Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneInt32(int value) => Value = value;

    public static LaneInt32 One => new(1);

    public static LaneInt32 AllBitsSet => new(-1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator +(LaneInt32 left, LaneInt32 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator -(LaneInt32 left, LaneInt32 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator &(LaneInt32 left, LaneInt32 right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator |(LaneInt32 left, LaneInt32 right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator ^(LaneInt32 left, LaneInt32 right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator <<(LaneInt32 vector, int shiftCount) => new(vector.Value << shiftCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator >>(LaneInt32 vector, int shiftCount) => new(vector.Value >> shiftCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator >>>(LaneInt32 vector, int shiftCount) => new(vector.Value >>> shiftCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator ~(LaneInt32 vector) => new(~vector.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt32 operator -(LaneInt32 vector) => new(-vector.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneSingle AsSingle() => new(BitConverter.Int32BitsToSingle(Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneUInt32 AsUInt32() => new((uint)Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneInt32 WithElement(int index, int value) => new(value);
}

/// <summary>One <see cref="uint"/>.</summary>
public readonly struct LaneUInt32
{
    public readonly uint Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneUInt32(uint value) => Value = value;

    public static LaneUInt32 One => new(1u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 operator +(LaneUInt32 left, LaneUInt32 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 operator -(LaneUInt32 left, LaneUInt32 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 operator &(LaneUInt32 left, LaneUInt32 right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 operator |(LaneUInt32 left, LaneUInt32 right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 operator ^(LaneUInt32 left, LaneUInt32 right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 operator <<(LaneUInt32 vector, int shiftCount) => new(vector.Value << shiftCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 operator >>(LaneUInt32 vector, int shiftCount) => new(vector.Value >> shiftCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneUInt32 operator >>>(LaneUInt32 vector, int shiftCount) => new(vector.Value >>> shiftCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneSingle AsSingle() => new(BitConverter.UInt32BitsToSingle(Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneInt32 AsInt32() => new((int)Value);
}

/// <summary>One <see cref="long"/>.</summary>
public readonly struct LaneInt64
{
    public readonly long Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneInt64(long value) => Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt64 operator +(LaneInt64 left, LaneInt64 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneInt64 operator <<(LaneInt64 vector, int shiftCount) => new(vector.Value << shiftCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneDouble AsDouble() => new(BitConverter.Int64BitsToDouble(Value));
}

/// <summary>One <see cref="double"/>.</summary>
public readonly struct LaneDouble
{
    public readonly double Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneDouble(double value) => Value = value;

    public static LaneDouble One => new(1.0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneDouble operator +(LaneDouble left, LaneDouble right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneDouble operator -(LaneDouble left, LaneDouble right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneDouble operator *(LaneDouble left, LaneDouble right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneDouble operator /(LaneDouble left, LaneDouble right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneInt64 AsInt64() => new(BitConverter.DoubleToInt64Bits(Value));
}
