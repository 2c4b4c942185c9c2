using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

/// <summary>
/// Loads integers into lanes that are wider than they are, and stores the low bits of lanes. A load reads, and a store writes, as many
/// elements as the vector has lanes. Called by generated code.
/// </summary>
public static unsafe class LaneStorage
{
    /// <summary>Loads 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Int16s128(byte* source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsByte()).AsInt16();

    /// <summary>Loads 8 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Int16s128(sbyte* source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsSByte());

    /// <summary>Loads 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Int32s128(byte* source) =>
        ElementStorage.Integers128(source);

    /// <summary>Loads 4 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Int32s128(sbyte* source) =>
        ElementStorage.Integers128(source);

    /// <summary>Loads 4 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Int32s128(ushort* source) =>
        ElementStorage.Integers128(source);

    /// <summary>Loads 4 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Int32s128(short* source) =>
        ElementStorage.Integers128(source);

    /// <summary>Loads 2 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Int64s128(byte* source) =>
        Vector128.Create((long)source[0], (long)source[1]);

    /// <summary>Loads 2 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Int64s128(sbyte* source) =>
        Vector128.Create((long)source[0], (long)source[1]);

    /// <summary>Loads 2 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Int64s128(ushort* source) =>
        Vector128.Create((long)source[0], (long)source[1]);

    /// <summary>Loads 2 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Int64s128(short* source) =>
        Vector128.Create((long)source[0], (long)source[1]);

    /// <summary>Loads 2 unsigned 32-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Int64s128(uint* source) =>
        Vector128.Create((long)source[0], (long)source[1]);

    /// <summary>Loads 2 32-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Int64s128(int* source) =>
        Vector128.Create((long)source[0], (long)source[1]);

    /// <summary>Stores the low bytes of 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<short> value, byte* target) =>
        *(ulong*)target = Vector128.Narrow(value.AsUInt16(), value.AsUInt16()).AsUInt64().ToScalar();

    /// <summary>Stores the low bytes of 4 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> value, byte* target) =>
        ElementStorage.Store8(value, target);

    /// <summary>Stores the low 16 bits of 4 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> value, ushort* target) =>
        ElementStorage.Store16(value, target);

    /// <summary>Stores the low bytes of 2 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<long> value, byte* target)
    {
        target[0] = (byte)value.ToScalar();
        target[1] = (byte)value.GetElement(1);
    }

    /// <summary>Stores the low 16 bits of 2 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<long> value, ushort* target)
    {
        target[0] = (ushort)value.ToScalar();
        target[1] = (ushort)value.GetElement(1);
    }

    /// <summary>Stores the low 32 bits of 2 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<long> value, uint* target)
    {
        target[0] = (uint)value.ToScalar();
        target[1] = (uint)value.GetElement(1);
    }

    /// <summary>Loads 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Int16s256(byte* source) =>
        Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).AsInt16();

    /// <summary>Loads 16 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Int16s256(sbyte* source) =>
        Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe());

    /// <summary>Loads 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Int32s256(byte* source) =>
        ElementStorage.Integers256(source);

    /// <summary>Loads 8 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Int32s256(sbyte* source) =>
        ElementStorage.Integers256(source);

    /// <summary>Loads 8 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Int32s256(ushort* source) =>
        ElementStorage.Integers256(source);

    /// <summary>Loads 8 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Int32s256(short* source) =>
        ElementStorage.Integers256(source);

    /// <summary>Loads 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Int64s256(byte* source) =>
        Vector256.WidenLower(Int32s128(source).ToVector256Unsafe());

    /// <summary>Loads 4 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Int64s256(sbyte* source) =>
        Vector256.WidenLower(Int32s128(source).ToVector256Unsafe());

    /// <summary>Loads 4 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Int64s256(ushort* source) =>
        Vector256.WidenLower(Int32s128(source).ToVector256Unsafe());

    /// <summary>Loads 4 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Int64s256(short* source) =>
        Vector256.WidenLower(Int32s128(source).ToVector256Unsafe());

    /// <summary>Loads 4 unsigned 32-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Int64s256(uint* source) =>
        Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).AsInt64();

    /// <summary>Loads 4 32-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Int64s256(int* source) =>
        Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe());

    /// <summary>Stores the low bytes of 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<short> value, byte* target) =>
        Vector128.Store(Vector128.Narrow(value.GetLower().AsUInt16(), value.GetUpper().AsUInt16()), target);

    /// <summary>Stores the low bytes of 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> value, byte* target) =>
        ElementStorage.Store8(value, target);

    /// <summary>Stores the low 16 bits of 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> value, ushort* target) =>
        ElementStorage.Store16(value, target);

    /// <summary>Stores the low bytes of 4 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<long> value, byte* target) =>
        ElementStorage.Store8(Vector128.Narrow(value.GetLower(), value.GetUpper()), target);

    /// <summary>Stores the low 16 bits of 4 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<long> value, ushort* target) =>
        ElementStorage.Store16(Vector128.Narrow(value.GetLower(), value.GetUpper()), target);

    /// <summary>Stores the low 32 bits of 4 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<long> value, uint* target) =>
        Vector128.Store(Vector128.Narrow(value.GetLower(), value.GetUpper()).AsUInt32(), target);

    /// <summary>Loads 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Int16s512(byte* source) =>
        Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe()).AsInt16();

    /// <summary>Loads 32 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Int16s512(sbyte* source) =>
        Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe());

    /// <summary>Loads 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Int32s512(byte* source) =>
        ElementStorage.Integers512(source);

    /// <summary>Loads 16 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Int32s512(sbyte* source) =>
        ElementStorage.Integers512(source);

    /// <summary>Loads 16 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Int32s512(ushort* source) =>
        ElementStorage.Integers512(source);

    /// <summary>Loads 16 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Int32s512(short* source) =>
        ElementStorage.Integers512(source);

    /// <summary>Loads 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Int64s512(byte* source) =>
        Vector512.WidenLower(Int32s256(source).ToVector512Unsafe());

    /// <summary>Loads 8 signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Int64s512(sbyte* source) =>
        Vector512.WidenLower(Int32s256(source).ToVector512Unsafe());

    /// <summary>Loads 8 unsigned 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Int64s512(ushort* source) =>
        Vector512.WidenLower(Int32s256(source).ToVector512Unsafe());

    /// <summary>Loads 8 16-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Int64s512(short* source) =>
        Vector512.WidenLower(Int32s256(source).ToVector512Unsafe());

    /// <summary>Loads 8 unsigned 32-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Int64s512(uint* source) =>
        Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe()).AsInt64();

    /// <summary>Loads 8 32-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Int64s512(int* source) =>
        Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe());

    /// <summary>Stores the low bytes of 32 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<short> value, byte* target) =>
        Vector256.Store(Vector256.Narrow(value.GetLower().AsUInt16(), value.GetUpper().AsUInt16()), target);

    /// <summary>Stores the low bytes of 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> value, byte* target) =>
        ElementStorage.Store8(value, target);

    /// <summary>Stores the low 16 bits of 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> value, ushort* target) =>
        ElementStorage.Store16(value, target);

    /// <summary>Stores the low bytes of 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<long> value, byte* target) =>
        ElementStorage.Store8(Vector256.Narrow(value.GetLower(), value.GetUpper()), target);

    /// <summary>Stores the low 16 bits of 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<long> value, ushort* target) =>
        ElementStorage.Store16(Vector256.Narrow(value.GetLower(), value.GetUpper()), target);

    /// <summary>Stores the low 32 bits of 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<long> value, uint* target) =>
        Vector256.Store(Vector256.Narrow(value.GetLower(), value.GetUpper()).AsUInt32(), target);
}
