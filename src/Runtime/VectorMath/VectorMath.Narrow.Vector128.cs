using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// 16-bit floats in lanes of 32 bits. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>The nearest values of binary16, ties to even: infinity from 65,520 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> RoundToFloat16(Vector128<float> x) => FromFloat16Bits(Float16Bits(x));

    /// <summary>The nearest values of bfloat16, ties to even; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> RoundToBFloat16(Vector128<float> x)
    {
        Vector128<uint> bits = x.AsUInt32();
        Vector128<uint> rounded = (bits + Vector128.Create(0x7FFFu) + ((bits >> 16) & Vector128<uint>.One)) & Vector128.Create(0xFFFF0000u);
        return Vector128.ConditionalSelect(Vector128.Equals(x, x), rounded.AsSingle(), Vector128.Create(float.NaN));
    }

    /// <summary>round(x) + zeroPoint, ties to even, not below <paramref name="low"/> and not above <paramref name="high"/>; <paramref name="low"/> for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Quantize(Vector128<float> x, Vector128<float> zeroPoint, Vector128<float> low, Vector128<float> high)
    {
        Vector128<float> code = Vector128.Round(x) + zeroPoint;
        code = Vector128.ConditionalSelect(Vector128.GreaterThan(code, low), code, low);
        return Vector128.ConditionalSelect(Vector128.LessThan(code, high), code, high);
    }

    /// <summary>Bits of the nearest values of binary16, one in the lower half of each lane; a quiet NaN for every NaN.</summary>
    /// <remarks>Normal numbers are rounded by an integer addition, multiples of 2⁻²⁴ by one in f32 that leaves no fraction.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Float16Bits(Vector128<float> x)
    {
        Vector128<float> magnitude = Vector128.Abs(x);
        Vector128<uint> bits = magnitude.AsUInt32();
        Vector128<uint> sign = (x.AsUInt32() ^ bits) >> 16;
        Vector128<uint> normal = (bits - Vector128.Create((112u << 23) - 0xFFFu) + ((bits >> 13) & Vector128<uint>.One)) >> 13;
        Vector128<uint> small = ((magnitude * Vector128.Create(16777216.0f)) + Vector128.Create(8388608.0f)).AsUInt32() - Vector128.Create(0x4B000000u);
        Vector128<uint> code = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(6.1035156e-5f)).AsUInt32(), small, normal);
        code = Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(magnitude, Vector128.Create(65520.0f)).AsUInt32(), Vector128.Create(0x7C00u), code);
        return sign | Vector128.ConditionalSelect(Vector128.Equals(x, x).AsUInt32(), code, Vector128.Create(0x7E00u));
    }

    /// <summary>Values of binary16 from their bits, one in the lower half of each lane, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FromFloat16Bits(Vector128<uint> code)
    {
        Vector128<uint> magnitude = code & Vector128.Create(0x7FFFu);

        // As f32 the bits have an exponent that is too small by 112, fractions without a leading one too.
        Vector128<uint> finite = ((magnitude << 13).AsSingle() * Vector128.Create(5.192297e33f)).AsUInt32();
        Vector128<uint> special = Vector128.GreaterThan(magnitude, Vector128.Create(0x7BFFu)) & Vector128.Create(0x7F800000u);
        return (finite | special | ((code & Vector128.Create(0x8000u)) << 16)).AsSingle();
    }
}
