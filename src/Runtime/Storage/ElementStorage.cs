using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

/// <summary>
/// Loads elements of 8 and 16 bits as vectors of <see cref="float"/> and stores such vectors, exactly: all these types' values are
/// values of <see cref="float"/>. Called by generated code, which keeps what it computes in <see cref="float"/> lanes.
/// </summary>
/// <remarks>
/// A load reads as many elements as the vector has lanes. A store takes lanes that are values of the element type already: whole
/// numbers in its range, or numbers rounded by <see cref="VectorMath"/>; others are cut off for integers and rounded for floats.
/// </remarks>
public static unsafe class ElementStorage
{
    /// <summary>Loads 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128(byte* source) => Vector128.ConvertToSingle(Integers128(source));

    /// <summary>Loads 4 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128(sbyte* source) => Vector128.ConvertToSingle(Integers128(source));

    /// <summary>Loads 4 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128(ushort* source) => Vector128.ConvertToSingle(Integers128(source));

    /// <summary>Loads 4 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128(short* source) => Vector128.ConvertToSingle(Integers128(source));

    /// <summary>Loads 4 16-bit floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128(Half* source) => VectorMath.FromFloat16Bits(Integers128((ushort*)source).AsUInt32());

    /// <summary>Loads 4 brain floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128(BFloat16* source) => (Integers128((ushort*)source) << 16).AsSingle();

    /// <summary>Loads 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(byte* source) => Vector256.ConvertToSingle(Integers256(source));

    /// <summary>Loads 8 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(sbyte* source) => Vector256.ConvertToSingle(Integers256(source));

    /// <summary>Loads 8 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(ushort* source) => Vector256.ConvertToSingle(Integers256(source));

    /// <summary>Loads 8 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(short* source) => Vector256.ConvertToSingle(Integers256(source));

    /// <summary>Loads 8 16-bit floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(Half* source) => VectorMath.FromFloat16Bits(Integers256((ushort*)source).AsUInt32());

    /// <summary>Loads 8 brain floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(BFloat16* source) => (Integers256((ushort*)source) << 16).AsSingle();

    /// <summary>Loads 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(byte* source) => Vector512.ConvertToSingle(Integers512(source));

    /// <summary>Loads 16 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(sbyte* source) => Vector512.ConvertToSingle(Integers512(source));

    /// <summary>Loads 16 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(ushort* source) => Vector512.ConvertToSingle(Integers512(source));

    /// <summary>Loads 16 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(short* source) => Vector512.ConvertToSingle(Integers512(source));

    /// <summary>Loads 16 16-bit floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(Half* source) => VectorMath.FromFloat16Bits(Integers512((ushort*)source).AsUInt32());

    /// <summary>Loads 16 brain floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(BFloat16* source) => (Integers512((ushort*)source) << 16).AsSingle();

    /// <summary>Stores 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, byte* target) => Store8(Vector128.ConvertToInt32Native(value), (byte*)target);

    /// <summary>Stores 4 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, sbyte* target) => Store8(Vector128.ConvertToInt32Native(value), (byte*)target);

    /// <summary>Stores 4 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, ushort* target) => Store16(Vector128.ConvertToInt32Native(value), (ushort*)target);

    /// <summary>Stores 4 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, short* target) => Store16(Vector128.ConvertToInt32Native(value), (ushort*)target);

    /// <summary>Stores 4 16-bit floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, Half* target) => Store16(VectorMath.Float16Bits(value).AsInt32(), (ushort*)target);

    /// <summary>Stores 4 brain floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, BFloat16* target) => Store16((VectorMath.RoundToBFloat16(value).AsUInt32() >> 16).AsInt32(), (ushort*)target);

    /// <summary>Stores 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, byte* target) => Store8(Vector256.ConvertToInt32Native(value), (byte*)target);

    /// <summary>Stores 8 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, sbyte* target) => Store8(Vector256.ConvertToInt32Native(value), (byte*)target);

    /// <summary>Stores 8 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, ushort* target) => Store16(Vector256.ConvertToInt32Native(value), (ushort*)target);

    /// <summary>Stores 8 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, short* target) => Store16(Vector256.ConvertToInt32Native(value), (ushort*)target);

    /// <summary>Stores 8 16-bit floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, Half* target) => Store16(VectorMath.Float16Bits(value).AsInt32(), (ushort*)target);

    /// <summary>Stores 8 brain floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, BFloat16* target) => Store16((VectorMath.RoundToBFloat16(value).AsUInt32() >> 16).AsInt32(), (ushort*)target);

    /// <summary>Stores 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, byte* target) => Store8(Vector512.ConvertToInt32Native(value), (byte*)target);

    /// <summary>Stores 16 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, sbyte* target) => Store8(Vector512.ConvertToInt32Native(value), (byte*)target);

    /// <summary>Stores 16 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, ushort* target) => Store16(Vector512.ConvertToInt32Native(value), (ushort*)target);

    /// <summary>Stores 16 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, short* target) => Store16(Vector512.ConvertToInt32Native(value), (ushort*)target);

    /// <summary>Stores 16 16-bit floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, Half* target) => Store16(VectorMath.Float16Bits(value).AsInt32(), (ushort*)target);

    /// <summary>Stores 16 brain floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, BFloat16* target) => Store16((VectorMath.RoundToBFloat16(value).AsUInt32() >> 16).AsInt32(), (ushort*)target);

    /// <summary>Stores round(x) + <paramref name="zero"/>, ties to even, saturated to a byte; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(float value, int zero, byte* target) => *target = (byte)(VectorMath.Quantize(value, zero, 0, byte.MaxValue));

    /// <summary>Stores 4 times round(x) + <paramref name="zero"/>, ties to even, saturated to a byte; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(Vector128<float> value, int zero, byte* target)
    {
        if (Sse41.IsSupported)
        {
            Vector128<float> bounded = Sse.Min(Sse.Max(value, Vector128.Create((float)-zero)), Vector128.Create((float)(byte.MaxValue - zero)));
            Store8(Sse2.ConvertToVector128Int32(bounded) + Vector128.Create(zero), target);
            return;
        }

        Store(VectorMath.Quantize(value, Vector128.Create((float)zero), Vector128<float>.Zero, Vector128.Create((float)byte.MaxValue)), target);
    }

    /// <summary>Stores 8 times round(x) + <paramref name="zero"/>, ties to even, saturated to a byte; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(Vector256<float> value, int zero, byte* target)
    {
        if (Avx2.IsSupported)
        {
            Vector256<float> bounded = Avx.Min(Avx.Max(value, Vector256.Create((float)-zero)), Vector256.Create((float)(byte.MaxValue - zero)));
            Store8(Avx.ConvertToVector256Int32(bounded) + Vector256.Create(zero), target);
            return;
        }

        Store(VectorMath.Quantize(value, Vector256.Create((float)zero), Vector256<float>.Zero, Vector256.Create((float)byte.MaxValue)), target);
    }

    /// <summary>Stores 16 times round(x) + <paramref name="zero"/>, ties to even, saturated to a byte; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(Vector512<float> value, int zero, byte* target)
    {
        if (Avx512F.IsSupported)
        {
            // Of a NaN and a bound, x86 takes the second operand.
            Vector512<float> bounded = Avx512F.Min(Avx512F.Max(value, Vector512.Create((float)-zero)), Vector512.Create((float)(byte.MaxValue - zero)));
            Store8(Avx512F.ConvertToVector512Int32(bounded) + Vector512.Create(zero), target);
            return;
        }

        Store(VectorMath.Quantize(value, Vector512.Create((float)zero), Vector512<float>.Zero, Vector512.Create((float)byte.MaxValue)), target);
    }

    /// <summary>Stores round(x) + <paramref name="zero"/>, ties to even, saturated to a signed byte; −128 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(float value, int zero, sbyte* target) => *target = (sbyte)(VectorMath.Quantize(value, zero, sbyte.MinValue, sbyte.MaxValue));

    /// <summary>Stores 4 times round(x) + <paramref name="zero"/>, ties to even, saturated to a signed byte; −128 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(Vector128<float> value, int zero, sbyte* target)
    {
        if (Sse41.IsSupported)
        {
            Vector128<float> bounded = Sse.Min(Sse.Max(value, Vector128.Create((float)(sbyte.MinValue - zero))), Vector128.Create((float)(sbyte.MaxValue - zero)));
            Store8(Sse2.ConvertToVector128Int32(bounded) + Vector128.Create(zero), (byte*)target);
            return;
        }

        Store(VectorMath.Quantize(value, Vector128.Create((float)zero), Vector128.Create((float)sbyte.MinValue), Vector128.Create((float)sbyte.MaxValue)), target);
    }

    /// <summary>Stores 8 times round(x) + <paramref name="zero"/>, ties to even, saturated to a signed byte; −128 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(Vector256<float> value, int zero, sbyte* target)
    {
        if (Avx2.IsSupported)
        {
            Vector256<float> bounded = Avx.Min(Avx.Max(value, Vector256.Create((float)(sbyte.MinValue - zero))), Vector256.Create((float)(sbyte.MaxValue - zero)));
            Store8(Avx.ConvertToVector256Int32(bounded) + Vector256.Create(zero), (byte*)target);
            return;
        }

        Store(VectorMath.Quantize(value, Vector256.Create((float)zero), Vector256.Create((float)sbyte.MinValue), Vector256.Create((float)sbyte.MaxValue)), target);
    }

    /// <summary>Stores 16 times round(x) + <paramref name="zero"/>, ties to even, saturated to a signed byte; −128 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(Vector512<float> value, int zero, sbyte* target)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<float> bounded = Avx512F.Min(Avx512F.Max(value, Vector512.Create((float)(sbyte.MinValue - zero))), Vector512.Create((float)(sbyte.MaxValue - zero)));
            Store8(Avx512F.ConvertToVector512Int32(bounded) + Vector512.Create(zero), (byte*)target);
            return;
        }

        Store(VectorMath.Quantize(value, Vector512.Create((float)zero), Vector512.Create((float)sbyte.MinValue), Vector512.Create((float)sbyte.MaxValue)), target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Integers128(byte* source) => Sse41.IsSupported ? Sse41.ConvertToVector128Int32(source) : Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)source).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Integers256(byte* source) => Avx2.IsSupported ? Avx2.ConvertToVector256Int32(source) : Vector256.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsByte()).ToVector256Unsafe()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<int> Integers512(byte* source) => Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(Vector128.Load(source)) : Vector512.WidenLower(Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).ToVector512Unsafe()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Integers128(sbyte* source) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)source).AsSByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Integers256(sbyte* source) => Vector256.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsSByte()).ToVector256Unsafe()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<int> Integers512(sbyte* source) => Vector512.WidenLower(Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).ToVector512Unsafe()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Integers128(ushort* source) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Integers256(ushort* source) => Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<int> Integers512(ushort* source) => Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Integers128(short* source) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Integers256(short* source) => Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<int> Integers512(short* source) => Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store8(Vector128<int> value, byte* target)
    {
        Vector128<short> words = Vector128.Narrow(value, value);
        *(uint*)target = Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store8(Vector256<int> value, byte* target)
    {
        Vector128<short> words = Vector128.Narrow(value.GetLower(), value.GetUpper());
        *(ulong*)target = Vector128.Narrow(words, words).AsUInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store8(Vector512<int> value, byte* target)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(value).Store(target);
            return;
        }

        Vector256<short> words = Vector256.Narrow(value.GetLower(), value.GetUpper());
        Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte().Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store16(Vector128<int> value, ushort* target) => *(ulong*)target = Vector128.Narrow(value, value).AsUInt64().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store16(Vector256<int> value, ushort* target) => Vector128.Narrow(value.GetLower(), value.GetUpper()).AsUInt16().Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store16(Vector512<int> value, ushort* target) => Vector256.Narrow(value.GetLower(), value.GetUpper()).AsUInt16().Store(target);
}
