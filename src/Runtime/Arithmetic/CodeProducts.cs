using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

/// <summary>Products of codes and weights in registers: one instruction each where the processor has it.</summary>
public static unsafe class CodeProducts
{
    /// <summary>Products of neighbouring 16-bit integers, added in pairs: 4 numbers, exact unless all four factors of a pair are −32768.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAddAdjacent(Vector128<short> left, Vector128<short> right)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(left, right);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(
                AdvSimd.MultiplyWideningLower(left.GetLower(), right.GetLower()),
                AdvSimd.MultiplyWideningUpper(left, right));
        }

        (Vector128<int> leftLow, Vector128<int> leftHigh) = Vector128.Widen(left);
        (Vector128<int> rightLow, Vector128<int> rightHigh) = Vector128.Widen(right);
        return AddAdjacent(leftLow * rightLow, leftHigh * rightHigh);
    }

    /// <summary>Products of neighbouring 16-bit integers, added in pairs: 8 numbers, exact unless all four factors of a pair are −32768.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddAdjacent(Vector256<short> left, Vector256<short> right) => Avx2.IsSupported
        ? Avx2.MultiplyAddAdjacent(left, right)
        : Vector256.Create(MultiplyAddAdjacent(left.GetLower(), right.GetLower()), MultiplyAddAdjacent(left.GetUpper(), right.GetUpper()));

    /// <summary>Products of neighbouring 16-bit integers, added in pairs: 16 numbers, exact unless all four factors of a pair are −32768.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAddAdjacent(Vector512<short> left, Vector512<short> right) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(left, right)
        : Vector512.Create(MultiplyAddAdjacent(left.GetLower(), right.GetLower()), MultiplyAddAdjacent(left.GetUpper(), right.GetUpper()));

    /// <summary>Products of unsigned and signed bytes, added in pairs: 16 numbers, which must be within 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyAddAdjacent(Vector256<byte> left, Vector256<sbyte> right) => Avx2.IsSupported
        ? Avx2.MultiplyAddAdjacent(left, right)
        : Vector256.Create(MultiplyAddAdjacent(left.GetLower(), right.GetLower()), MultiplyAddAdjacent(left.GetUpper(), right.GetUpper()));

    /// <summary>Products of unsigned and signed bytes, added in pairs: 32 numbers, which must be within 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyAddAdjacent(Vector512<byte> left, Vector512<sbyte> right) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(left, right)
        : Vector512.Create(MultiplyAddAdjacent(left.GetLower(), right.GetLower()), MultiplyAddAdjacent(left.GetUpper(), right.GetUpper()));

    /// <summary>Products of unsigned and signed bytes, added in pairs: 8 numbers, which must be within 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyAddAdjacent(Vector128<byte> left, Vector128<sbyte> right)
    {
        if (Ssse3.IsSupported)
        {
            return Ssse3.MultiplyAddAdjacent(left, right);
        }

        (Vector128<ushort> leftLow, Vector128<ushort> leftHigh) = Vector128.Widen(left);
        (Vector128<short> rightLow, Vector128<short> rightHigh) = Vector128.Widen(right);
        return Vector128.Narrow(MultiplyAddAdjacent(leftLow.AsInt16(), rightLow), MultiplyAddAdjacent(leftHigh.AsInt16(), rightHigh));
    }

    /// <summary>8 signed bytes as 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Widen128(sbyte* source) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsSByte());

    /// <summary>16 signed bytes as 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Widen256(sbyte* source) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int16(source)
        : Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe());

    /// <summary>32 signed bytes as 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Widen512(sbyte* source) => Avx512BW.IsSupported
        ? Avx512BW.ConvertToVector512Int16(Vector256.Load(source))
        : Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe());

    /// <summary>8 bytes less 128, the middle of all, as 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Centred128(byte* source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsByte()).AsInt16() - Vector128.Create((short)128);

    /// <summary>16 bytes less 128, the middle of all, as 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Centred256(byte* source) => (Avx2.IsSupported
        ? Avx2.ConvertToVector256Int16(source)
        : Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).AsInt16()) - Vector256.Create((short)128);

    private static Vector128<int> AddAdjacent(Vector128<int> low, Vector128<int> high) => Vector128.Create(
        low.GetElement(0) + low.GetElement(1),
        low.GetElement(2) + low.GetElement(3),
        high.GetElement(0) + high.GetElement(1),
        high.GetElement(2) + high.GetElement(3));
}
