using System;
#if !FREESTANDING
using System.Globalization;
#endif

namespace AotCompiler.Runtime;

/// <summary>A 4-bit number: 0, ±0.5, ±1, ±1.5, ±2, ±3, ±4 or ±6. An element takes a byte in memory. One element of a tensor; arithmetic is done in <see cref="float"/>.</summary>
public readonly struct Float4E2M1 : IEquatable<Float4E2M1>
{
    /// <summary>Makes a number from its bits.</summary>
    public Float4E2M1(byte bits) => Bits = (byte)(bits & 15);

    /// <summary>The number as it is stored in the low 4 bits.</summary>
    public byte Bits { get; }

    /// <summary>The value, exactly.</summary>
    public static explicit operator float(Float4E2M1 value) => FloatFormat.Float4E2M1.Decode(value.Bits);

    /// <summary>The nearest number, ties to even; what is too large becomes ±6, NaN becomes −0.</summary>
    public static explicit operator Float4E2M1(float value) => new Float4E2M1((byte)FloatFormat.Float4E2M1.Encode(value));

    /// <summary>True if the bits are equal.</summary>
    public static bool operator ==(Float4E2M1 left, Float4E2M1 right) => left.Bits == right.Bits;

    /// <summary>True if the bits differ.</summary>
    public static bool operator !=(Float4E2M1 left, Float4E2M1 right) => left.Bits != right.Bits;

    /// <inheritdoc/>
    public bool Equals(Float4E2M1 other) => Bits == other.Bits;

#if !FREESTANDING
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Float4E2M1 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bits;

    /// <summary>The value as <see cref="float"/> writes it.</summary>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
#endif
}
