using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <summary>
/// A binary floating-point format of at most 16 bits: sign, exponent, fraction, from the high bit down. Converts from and to
/// f32, rounding to the nearest value, ties to even. One place for the compiler and the compiled code.
/// </summary>
/// <remarks>Formats: IEEE 754 binary16; bfloat16; OCP 8-bit floating point (arXiv:2209.05433); its "fnuz" variants (arXiv:2206.02915); OCP Microscaling Formats v1.0.</remarks>
internal readonly struct FloatFormat
{
    private readonly int _fractionBits;
    private readonly int _bias;
    private readonly uint _sign;
    private readonly uint _largest;
    private readonly uint _overflow;
    private readonly uint _nan;

    private FloatFormat(int fractionBits, int bias, uint sign, uint largest, uint overflow, uint nan)
    {
        _fractionBits = fractionBits;
        _bias = bias;
        _sign = sign;
        _largest = largest;
        _overflow = overflow;
        _nan = nan;
    }

    /// <summary>IEEE 754 binary16.</summary>
    public static FloatFormat Float16 => new FloatFormat(10, 15, 0x8000, 0x7BFF, 0x7C00, 0x7E00);

    /// <summary>The upper half of f32.</summary>
    public static FloatFormat BFloat16 => new FloatFormat(7, 127, 0x8000, 0x7F7F, 0x7F80, 0x7FC0);

    /// <summary>4 bits of exponent, 3 of fraction; no infinities.</summary>
    public static FloatFormat Float8E4M3FN => new FloatFormat(3, 7, 0x80, 0x7E, 0x7F, 0x7F);

    /// <summary>4 bits of exponent, 3 of fraction; no infinities, one zero, one NaN.</summary>
    public static FloatFormat Float8E4M3FNUZ => new FloatFormat(3, 8, 0x80, 0x7F, 0x80, 0x80);

    /// <summary>5 bits of exponent, 2 of fraction.</summary>
    public static FloatFormat Float8E5M2 => new FloatFormat(2, 15, 0x80, 0x7B, 0x7C, 0x7E);

    /// <summary>5 bits of exponent, 2 of fraction; no infinities, one zero, one NaN.</summary>
    public static FloatFormat Float8E5M2FNUZ => new FloatFormat(2, 16, 0x80, 0x7F, 0x80, 0x80);

    /// <summary>2 bits of exponent, 1 of fraction; neither infinities nor NaN: what is too large becomes ±6, NaN becomes −0.</summary>
    public static FloatFormat Float4E2M1 => new FloatFormat(1, 1, 0x8, 0x7, 0x7, 0x8);

    /// <summary>True if the format has one zero and its bit pattern "minus zero" is the only NaN.</summary>
    private bool IsUnsignedZero => _nan == _sign && _largest != 0x7;

    /// <summary>The nearest value's bits. What is beyond the largest number becomes infinity or NaN, or that number if <paramref name="saturate"/> is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Encode(float value, bool saturate = false)
    {
        uint bits = Bits(value);
        uint magnitude = bits & 0x7FFFFFFF;
        uint sign = (bits >> 31) * _sign;
        if (magnitude > 0x7F800000)
        {
            return _nan == _sign ? _nan : sign | _nan;
        }

        uint code = Round(magnitude);
        if (code > _largest)
        {
            code = saturate ? _largest : _overflow;
        }

        return IsUnsignedZero && (code == 0 || code == _nan) ? code : sign | code;
    }

    /// <summary>The value of a bit pattern, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Decode(uint code)
    {
        uint magnitude = code & (_sign - 1);
        if (IsUnsignedZero ? code == _nan : _overflow > _largest && magnitude >= _overflow)
        {
            // The sign stays, which the constant NaN, a negative one, would change when it is encoded again.
            bool isNegative = (code & _sign) != 0 && !IsUnsignedZero;
            return magnitude == _overflow && _nan != _overflow ? (isNegative ? float.NegativeInfinity : float.PositiveInfinity) : Single(isNegative ? 0xFFC00000 : 0x7FC00000);
        }

        // The bits as those of an f32 have an exponent that is too small by the difference of the biases; fractions without a leading one too.
        float value = Single(magnitude << (23 - _fractionBits)) * Single((uint)(254 - _bias) << 23);
        return (code & _sign) != 0 ? -value : value;
    }

    /// <summary>Bits of f8e8m0, a power of two from 2⁻¹²⁷ to 2¹²⁷: the exponent of |value|, 255 for NaN and infinities.</summary>
    /// <param name="value">The number; its sign is lost.</param>
    /// <param name="saturate">Keeps numbers near the upper end from becoming NaN.</param>
    /// <param name="rounding">0 up, 1 down, 2 to the nearest with ties up.</param>
    public static uint EncodeExponent(float value, bool saturate, int rounding)
    {
        uint bits = Bits(value) & 0x7FFFFFFF;
        uint exponent = bits >> 23;
        uint fraction = bits & 0x7FFFFF;
        if (exponent == 255)
        {
            return 255;
        }

        bool up = rounding == 0 ? fraction > 0 : rounding == 2 && (exponent > 0 ? fraction >= 0x400000 : fraction > 0x400000);
        return up && !(saturate && exponent == 254) ? exponent + 1 : exponent;
    }

    /// <summary>The value of a bit pattern of f8e8m0.</summary>
    public static float DecodeExponent(uint code) => code == 255 ? float.NaN : code == 0 ? Single(0x00400000) : Single(code << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe uint Bits(float value) => *(uint*)&value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe float Single(uint bits) => *(float*)&bits;

    /// <summary>The nearest code without sign, not limited at the upper end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Round(uint magnitude)
    {
        uint smallestNormal = (uint)(128 - _bias) << 23;
        if (magnitude < smallestNormal && _bias < 127)
        {
            // A multiple of the smallest number, rounded by an addition that leaves no fraction.
            return Bits((Single(magnitude) * Single((uint)(126 + _bias + _fractionBits) << 23)) + 8388608f) - 0x4B000000;
        }

        int shift = 23 - _fractionBits;
        uint rebased = magnitude - ((uint)(127 - _bias) << 23);
        return (rebased + ((1u << (shift - 1)) - 1) + ((rebased >> shift) & 1)) >> shift;
    }
}
