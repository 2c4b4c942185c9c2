using System;
#if !FREESTANDING
using System.Globalization;
#endif

namespace AotCompiler.Runtime;

/// <summary>An 8-bit number with 4 bits of exponent and 3 of fraction, up to ±448; without infinities. One element of a tensor; arithmetic is done in <see cref="float"/>.</summary>
public readonly struct Float8E4M3FN : IEquatable<Float8E4M3FN>
{
    /// <summary>Makes a number from its bits.</summary>
    public Float8E4M3FN(byte bits) => Bits = bits;

    /// <summary>The number as it is stored.</summary>
    public byte Bits { get; }

    /// <summary>The value, exactly.</summary>
    public static explicit operator float(Float8E4M3FN value) => FloatFormat.Float8E4M3FN.Decode(value.Bits);

    /// <summary>The nearest number, ties to even; what is too large becomes NaN.</summary>
    public static explicit operator Float8E4M3FN(float value) => new Float8E4M3FN((byte)FloatFormat.Float8E4M3FN.Encode(value));

    /// <summary>The nearest number, ties to even; what is beyond the largest number, infinities included, becomes the largest of its sign.</summary>
    public static Float8E4M3FN Saturate(float value) => new Float8E4M3FN((byte)FloatFormat.Float8E4M3FN.Encode(value, saturate: true));

    /// <summary>True if the bits are equal.</summary>
    public static bool operator ==(Float8E4M3FN left, Float8E4M3FN right) => left.Bits == right.Bits;

    /// <summary>True if the bits differ.</summary>
    public static bool operator !=(Float8E4M3FN left, Float8E4M3FN right) => left.Bits != right.Bits;

    /// <inheritdoc/>
    public bool Equals(Float8E4M3FN other) => Bits == other.Bits;

#if !FREESTANDING
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Float8E4M3FN other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bits;

    /// <summary>The value as <see cref="float"/> writes it.</summary>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
#endif
}
