using System;
#if !FREESTANDING
using System.Globalization;
#endif

namespace AotCompiler.Runtime;

/// <summary>An 8-bit number with 5 bits of exponent and 2 of fraction, up to ±57,344; one zero, one NaN, without infinities. One element of a tensor; arithmetic is done in <see cref="float"/>.</summary>
public readonly struct Float8E5M2FNUZ : IEquatable<Float8E5M2FNUZ>
{
    /// <summary>Makes a number from its bits.</summary>
    public Float8E5M2FNUZ(byte bits) => Bits = bits;

    /// <summary>The number as it is stored.</summary>
    public byte Bits { get; }

    /// <summary>The value, exactly.</summary>
    public static explicit operator float(Float8E5M2FNUZ value) => FloatFormat.Float8E5M2FNUZ.Decode(value.Bits);

    /// <summary>The nearest number, ties to even; what is too large becomes NaN.</summary>
    public static explicit operator Float8E5M2FNUZ(float value) => new Float8E5M2FNUZ((byte)FloatFormat.Float8E5M2FNUZ.Encode(value));

    /// <summary>The nearest number, ties to even; what is beyond the largest number, infinities included, becomes the largest of its sign.</summary>
    public static Float8E5M2FNUZ Saturate(float value) => new Float8E5M2FNUZ((byte)FloatFormat.Float8E5M2FNUZ.Encode(value, saturate: true));

    /// <summary>True if the bits are equal.</summary>
    public static bool operator ==(Float8E5M2FNUZ left, Float8E5M2FNUZ right) => left.Bits == right.Bits;

    /// <summary>True if the bits differ.</summary>
    public static bool operator !=(Float8E5M2FNUZ left, Float8E5M2FNUZ right) => left.Bits != right.Bits;

    /// <inheritdoc/>
    public bool Equals(Float8E5M2FNUZ other) => Bits == other.Bits;

#if !FREESTANDING
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Float8E5M2FNUZ other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bits;

    /// <summary>The value as <see cref="float"/> writes it.</summary>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
#endif
}
