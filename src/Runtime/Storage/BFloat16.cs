using System;
#if !FREESTANDING
using System.Globalization;
#endif

namespace AotCompiler.Runtime;

/// <summary>A 16-bit number with the exponent of <see cref="float"/>: 8 bits of exponent, 7 of fraction. One element of a tensor; arithmetic is done in <see cref="float"/>.</summary>
public readonly struct BFloat16 : IEquatable<BFloat16>
{
    /// <summary>Makes a number from its bits.</summary>
    public BFloat16(ushort bits) => Bits = bits;

    /// <summary>The number as it is stored.</summary>
    public ushort Bits { get; }

    /// <summary>The value, exactly.</summary>
    public static explicit operator float(BFloat16 value) => FloatFormat.BFloat16.Decode(value.Bits);

    /// <summary>The nearest number, ties to even; what is too large becomes infinity.</summary>
    public static explicit operator BFloat16(float value) => new BFloat16((ushort)FloatFormat.BFloat16.Encode(value));

    /// <summary>True if the bits are equal.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => left.Bits == right.Bits;

    /// <summary>True if the bits differ.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => left.Bits != right.Bits;

    /// <inheritdoc/>
    public bool Equals(BFloat16 other) => Bits == other.Bits;

#if !FREESTANDING
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bits;

    /// <summary>The value as <see cref="float"/> writes it.</summary>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
#endif
}
