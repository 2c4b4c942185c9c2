using AotCompiler.Runtime;

namespace System;

/// <summary>A 16-bit float as tensors hold it; arithmetic is done in <see cref="float"/>.</summary>
public readonly struct Half
{
    private readonly ushort _bits;

    private Half(uint bits) => _bits = (ushort)bits;

    public static explicit operator float(Half value) => FloatFormat.Float16.Decode(value._bits);

    public static explicit operator double(Half value) => FloatFormat.Float16.Decode(value._bits);

    public static explicit operator Half(float value) => new Half(FloatFormat.Float16.Encode(value));

    /// <summary>
    /// The nearest number. On the way through f32 an inexact result keeps an odd last bit, so that the second rounding cannot
    /// take it for a tie.
    /// </summary>
    public static unsafe explicit operator Half(double value)
    {
        float near = (float)value;
        uint bits = *(uint*)&near;
        if (near == value || value != value || (bits & 0x7FFFFFFF) == 0x7F800000)
        {
            return (Half)near;
        }

        bool isAway = near > value == value > 0;
        uint odd = (isAway ? bits - 1 : bits) | 1;
        return (Half)(*(float*)&odd);
    }

    public static bool operator ==(Half left, Half right) => (float)left == (float)right;

    public static bool operator !=(Half left, Half right) => (float)left != (float)right;
}
