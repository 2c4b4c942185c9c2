using System;
#if !FREESTANDING
using System.Globalization;
#endif

namespace AotCompiler.Runtime;

/// <summary>An 8-bit power of two, from 2⁻¹²⁷ to 2¹²⁷, or NaN: a scale factor. One element of a tensor; arithmetic is done in <see cref="float"/>.</summary>
public readonly struct Float8E8M0 : IEquatable<Float8E8M0>
{
    /// <summary>Makes a number from its bits.</summary>
    public Float8E8M0(byte bits) => Bits = bits;

    /// <summary>The number as it is stored: the exponent plus 127.</summary>
    public byte Bits { get; }

    /// <summary>The value, exactly.</summary>
    public static explicit operator float(Float8E8M0 value) => FloatFormat.DecodeExponent(value.Bits);

    /// <summary>The next power of two that is not below |value|; NaN and infinities become NaN.</summary>
    public static explicit operator Float8E8M0(float value) => Round(value, saturate: true, rounding: 0);

    /// <summary>The power of two for |value|; 255, NaN, for NaN and infinities.</summary>
    /// <param name="value">The number; its sign is lost.</param>
    /// <param name="saturate">Keeps numbers near the upper end from becoming NaN.</param>
    /// <param name="rounding">0 up, 1 down, 2 to the nearest with ties up.</param>
    public static Float8E8M0 Round(float value, bool saturate, int rounding) => new Float8E8M0((byte)FloatFormat.EncodeExponent(value, saturate, rounding));

    /// <summary>True if the bits are equal.</summary>
    public static bool operator ==(Float8E8M0 left, Float8E8M0 right) => left.Bits == right.Bits;

    /// <summary>True if the bits differ.</summary>
    public static bool operator !=(Float8E8M0 left, Float8E8M0 right) => left.Bits != right.Bits;

    /// <inheritdoc/>
    public bool Equals(Float8E8M0 other) => Bits == other.Bits;

#if !FREESTANDING
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Float8E8M0 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bits;

    /// <summary>The value as <see cref="float"/> writes it.</summary>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
#endif
}
