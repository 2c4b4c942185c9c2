using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

/// <summary>
/// Moves elements between 128-bit parts of vectors, as bits: an overload for each width and size of elements, for texts that are written for
/// 128 bits and widened. In wider vectors each part is treated alone.
/// </summary>
internal static unsafe class VectorParts
{
    /// <summary>The lower half of each, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Low(Vector128<byte> a, Vector128<byte> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 8)).AsByte();

    /// <inheritdoc cref="Low(Vector128{byte}, Vector128{byte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Low(Vector256<byte> a, Vector256<byte> b) => Avx2.IsSupported ? Avx2.UnpackLow(a, b)
        : Vector256.Create(Low(a.GetLower(), b.GetLower()), Low(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="Low(Vector128{byte}, Vector128{byte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Low(Vector512<byte> a, Vector512<byte> b) => Avx512BW.IsSupported ? Avx512BW.UnpackLow(a, b)
        : Vector512.Create(Low(a.GetLower(), b.GetLower()), Low(a.GetUpper(), b.GetUpper()));

    /// <summary>The lower half of each, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Low(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 16)).AsUInt16();

    /// <inheritdoc cref="Low(Vector128{ushort}, Vector128{ushort})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Low(Vector256<ushort> a, Vector256<ushort> b) => Avx2.IsSupported ? Avx2.UnpackLow(a, b)
        : Vector256.Create(Low(a.GetLower(), b.GetLower()), Low(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="Low(Vector128{ushort}, Vector128{ushort})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Low(Vector512<ushort> a, Vector512<ushort> b) => Avx512BW.IsSupported ? Avx512BW.UnpackLow(a, b)
        : Vector512.Create(Low(a.GetLower(), b.GetLower()), Low(a.GetUpper(), b.GetUpper()));

    /// <summary>The lower half of each, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <inheritdoc cref="Low(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Low(Vector256<float> a, Vector256<float> b) => Avx.IsSupported ? Avx.UnpackLow(a, b)
        : Vector256.Create(Low(a.GetLower(), b.GetLower()), Low(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="Low(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Low(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported ? Avx512F.UnpackLow(a, b)
        : Vector512.Create(Low(a.GetLower(), b.GetLower()), Low(a.GetUpper(), b.GetUpper()));

    /// <summary>The lower half of each, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Low(Vector128<long> a, Vector128<long> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a.GetLower(), b.GetLower());

    /// <inheritdoc cref="Low(Vector128{long}, Vector128{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Low(Vector256<long> a, Vector256<long> b) => Avx2.IsSupported ? Avx2.UnpackLow(a, b)
        : Vector256.Create(Low(a.GetLower(), b.GetLower()), Low(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="Low(Vector128{long}, Vector128{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Low(Vector512<long> a, Vector512<long> b) => Avx512F.IsSupported ? Avx512F.UnpackLow(a, b)
        : Vector512.Create(Low(a.GetLower(), b.GetLower()), Low(a.GetUpper(), b.GetUpper()));

    /// <summary>The upper half of each, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> High(Vector128<byte> a, Vector128<byte> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 8)).AsByte();

    /// <inheritdoc cref="High(Vector128{byte}, Vector128{byte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> High(Vector256<byte> a, Vector256<byte> b) => Avx2.IsSupported ? Avx2.UnpackHigh(a, b)
        : Vector256.Create(High(a.GetLower(), b.GetLower()), High(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="High(Vector128{byte}, Vector128{byte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> High(Vector512<byte> a, Vector512<byte> b) => Avx512BW.IsSupported ? Avx512BW.UnpackHigh(a, b)
        : Vector512.Create(High(a.GetLower(), b.GetLower()), High(a.GetUpper(), b.GetUpper()));

    /// <summary>The upper half of each, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> High(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 16)).AsUInt16();

    /// <inheritdoc cref="High(Vector128{ushort}, Vector128{ushort})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> High(Vector256<ushort> a, Vector256<ushort> b) => Avx2.IsSupported ? Avx2.UnpackHigh(a, b)
        : Vector256.Create(High(a.GetLower(), b.GetLower()), High(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="High(Vector128{ushort}, Vector128{ushort})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> High(Vector512<ushort> a, Vector512<ushort> b) => Avx512BW.IsSupported ? Avx512BW.UnpackHigh(a, b)
        : Vector512.Create(High(a.GetLower(), b.GetLower()), High(a.GetUpper(), b.GetUpper()));

    /// <summary>The upper half of each, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    /// <inheritdoc cref="High(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> High(Vector256<float> a, Vector256<float> b) => Avx.IsSupported ? Avx.UnpackHigh(a, b)
        : Vector256.Create(High(a.GetLower(), b.GetLower()), High(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="High(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> High(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported ? Avx512F.UnpackHigh(a, b)
        : Vector512.Create(High(a.GetLower(), b.GetLower()), High(a.GetUpper(), b.GetUpper()));

    /// <summary>The upper half of each, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> High(Vector128<long> a, Vector128<long> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a.GetUpper(), b.GetUpper());

    /// <inheritdoc cref="High(Vector128{long}, Vector128{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> High(Vector256<long> a, Vector256<long> b) => Avx2.IsSupported ? Avx2.UnpackHigh(a, b)
        : Vector256.Create(High(a.GetLower(), b.GetLower()), High(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="High(Vector128{long}, Vector128{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> High(Vector512<long> a, Vector512<long> b) => Avx512F.IsSupported ? Avx512F.UnpackHigh(a, b)
        : Vector512.Create(High(a.GetLower(), b.GetLower()), High(a.GetUpper(), b.GetUpper()));

    /// <summary>The even elements of one and of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Even(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.Shuffle(a, b, 0x88)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.UnzipEven(a, b)
        : Vector128.Create(a[0], a[2], b[0], b[2]);

    /// <inheritdoc cref="Even(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Even(Vector256<float> a, Vector256<float> b) => Avx.IsSupported ? Avx.Shuffle(a, b, 0x88)
        : Vector256.Create(Even(a.GetLower(), b.GetLower()), Even(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="Even(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Even(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported ? Avx512F.Shuffle(a, b, 0x88)
        : Vector512.Create(Even(a.GetLower(), b.GetLower()), Even(a.GetUpper(), b.GetUpper()));

    /// <summary>The odd elements of one and of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Odd(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.Shuffle(a, b, 0xDD)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.UnzipOdd(a, b)
        : Vector128.Create(a[1], a[3], b[1], b[3]);

    /// <inheritdoc cref="Odd(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Odd(Vector256<float> a, Vector256<float> b) => Avx.IsSupported ? Avx.Shuffle(a, b, 0xDD)
        : Vector256.Create(Odd(a.GetLower(), b.GetLower()), Odd(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc cref="Odd(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Odd(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported ? Avx512F.Shuffle(a, b, 0xDD)
        : Vector512.Create(Odd(a.GetLower(), b.GetLower()), Odd(a.GetUpper(), b.GetUpper()));

    /// <summary>The first 128 bits of a row, wider also of each 16th row below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(byte* source, long rowStride, out Vector128<byte> rows) => rows = Vector128.Load(source);

    /// <inheritdoc cref="LoadRows(byte*, long, out Vector128{byte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(byte* source, long rowStride, out Vector256<byte> rows) =>
        rows = Vector256.Create(Vector128.Load(source), Vector128.Load(source + (16 * rowStride)));

    /// <inheritdoc cref="LoadRows(byte*, long, out Vector128{byte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(byte* source, long rowStride, out Vector512<byte> rows)
    {
        LoadRows(source, rowStride, out Vector256<byte> lower);
        LoadRows(source + (32 * rowStride), rowStride, out Vector256<byte> upper);
        rows = Vector512.Create(lower, upper);
    }

    /// <summary>The first 128 bits of a row, wider also of each 8th row below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(ushort* source, long rowStride, out Vector128<ushort> rows) => rows = Vector128.Load(source);

    /// <inheritdoc cref="LoadRows(ushort*, long, out Vector128{ushort})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(ushort* source, long rowStride, out Vector256<ushort> rows) =>
        rows = Vector256.Create(Vector128.Load(source), Vector128.Load(source + (8 * rowStride)));

    /// <inheritdoc cref="LoadRows(ushort*, long, out Vector128{ushort})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(ushort* source, long rowStride, out Vector512<ushort> rows)
    {
        LoadRows(source, rowStride, out Vector256<ushort> lower);
        LoadRows(source + (16 * rowStride), rowStride, out Vector256<ushort> upper);
        rows = Vector512.Create(lower, upper);
    }

    /// <summary>The first 128 bits of a row, wider also of each 4th row below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(float* source, long rowStride, out Vector128<float> rows) => rows = Vector128.Load(source);

    /// <inheritdoc cref="LoadRows(float*, long, out Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(float* source, long rowStride, out Vector256<float> rows) =>
        rows = Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * rowStride)));

    /// <inheritdoc cref="LoadRows(float*, long, out Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(float* source, long rowStride, out Vector512<float> rows)
    {
        LoadRows(source, rowStride, out Vector256<float> lower);
        LoadRows(source + (8 * rowStride), rowStride, out Vector256<float> upper);
        rows = Vector512.Create(lower, upper);
    }

    /// <summary>The first 128 bits of a row, wider also of each 2nd row below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(long* source, long rowStride, out Vector128<long> rows) => rows = Vector128.Load(source);

    /// <inheritdoc cref="LoadRows(long*, long, out Vector128{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(long* source, long rowStride, out Vector256<long> rows) =>
        rows = Vector256.Create(Vector128.Load(source), Vector128.Load(source + (2 * rowStride)));

    /// <inheritdoc cref="LoadRows(long*, long, out Vector128{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRows(long* source, long rowStride, out Vector512<long> rows)
    {
        LoadRows(source, rowStride, out Vector256<long> lower);
        LoadRows(source + (4 * rowStride), rowStride, out Vector256<long> upper);
        rows = Vector512.Create(lower, upper);
    }

    /// <summary>Four elements from where a window starts, wider also from where each fourth window behind it starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadFours(float* row, int* starts, int stride, out Vector128<float> elements) =>
        elements = Vector128.Load(row + starts[0]);

    /// <inheritdoc cref="LoadFours(float*, int*, int, out Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadFours(float* row, int* starts, int stride, out Vector256<float> elements)
    {
        LoadFours(row, starts, stride, out Vector128<float> lower);
        LoadFours(row, starts + (4 * stride), stride, out Vector128<float> upper);
        elements = Vector256.Create(lower, upper);
    }

    /// <inheritdoc cref="LoadFours(float*, int*, int, out Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadFours(float* row, int* starts, int stride, out Vector512<float> elements)
    {
        LoadFours(row, starts, stride, out Vector256<float> lower);
        LoadFours(row, starts + (8 * stride), stride, out Vector256<float> upper);
        elements = Vector512.Create(lower, upper);
    }

    /// <summary>Two elements of a window and two of the next, wider also of the fourth windows behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(float* row, int* starts, int stride, out Vector128<float> elements) =>
        elements = Vector128.Create(*(double*)(row + starts[0]), *(double*)(row + starts[stride])).AsSingle();

    /// <inheritdoc cref="LoadPairs(float*, int*, int, out Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(float* row, int* starts, int stride, out Vector256<float> elements)
    {
        LoadPairs(row, starts, stride, out Vector128<float> lower);
        LoadPairs(row, starts + (4 * stride), stride, out Vector128<float> upper);
        elements = Vector256.Create(lower, upper);
    }

    /// <inheritdoc cref="LoadPairs(float*, int*, int, out Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(float* row, int* starts, int stride, out Vector512<float> elements)
    {
        LoadPairs(row, starts, stride, out Vector256<float> lower);
        LoadPairs(row, starts + (8 * stride), stride, out Vector256<float> upper);
        elements = Vector512.Create(lower, upper);
    }
}
