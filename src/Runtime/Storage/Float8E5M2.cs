using System;
#if !FREESTANDING
using System.Globalization;
#endif

namespace AotCompiler.Runtime;

/// <summary>An 8-bit number with 5 bits of exponent and 2 of fraction, up to ±57,344. One element of a tensor; arithmetic is done in <see cref="float"/>.</summary>
public readonly struct Float8E5M2 : IEquatable<Float8E5M2>
{
    /// <summary>Makes a number from its bits.</summary>
    public Float8E5M2(byte bits) => Bits = bits;

    /// <summary>The number as it is stored.</summary>
    public byte Bits { get; }

    /// <summary>The value, exactly.</summary>
    public static explicit operator float(Float8E5M2 value) => FloatFormat.Float8E5M2.Decode(value.Bits);

    /// <summary>The nearest number, ties to even; what is too large becomes infinity.</summary>
    public static explicit operator Float8E5M2(float value) => new Float8E5M2((byte)FloatFormat.Float8E5M2.Encode(value));

    /// <summary>The nearest number, ties to even; what is beyond the largest number, infinities included, becomes the largest of its sign.</summary>
    public static Float8E5M2 Saturate(float value) => new Float8E5M2((byte)FloatFormat.Float8E5M2.Encode(value, saturate: true));

    /// <summary>True if the bits are equal.</summary>
    public static bool operator ==(Float8E5M2 left, Float8E5M2 right) => left.Bits == right.Bits;

    /// <summary>True if the bits differ.</summary>
    public static bool operator !=(Float8E5M2 left, Float8E5M2 right) => left.Bits != right.Bits;

    /// <inheritdoc/>
    public bool Equals(Float8E5M2 other) => Bits == other.Bits;

#if !FREESTANDING
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Float8E5M2 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bits;

    /// <summary>The value as <see cref="float"/> writes it.</summary>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
#endif
}
