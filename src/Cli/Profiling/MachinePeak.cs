using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Cli.Profiling;

/// <summary>What one core of this machine can do at best, measured now: the two roofs that kernels work under.</summary>
/// <param name="VectorBits">Width of the vectors it was measured with.</param>
/// <param name="GigaFlops">Fused multiply-adds of f32 in registers alone, two operations each, in 10⁹ per second.</param>
/// <param name="CacheGigabytes">Bytes read per second from a buffer that fits the first-level cache, in 10⁹.</param>
/// <param name="MiddleGigabytes">The same for <see cref="MiddleBytes"/>, which a second-level cache holds.</param>
/// <param name="MemoryGigabytes">The same for <see cref="MemoryBytes"/>, more than caches hold.</param>
internal sealed record MachinePeak(int VectorBits, double GigaFlops, double CacheGigabytes, double MiddleGigabytes, double MemoryGigabytes)
{
    /// <summary>Buffer for the second-level cache.</summary>
    public const int MiddleBytes = 384 * 1024;

    /// <summary>Buffer for main memory.</summary>
    public const int MemoryBytes = 96 * 1024 * 1024;

    private const int CacheBytes = 16 * 1024;
    private const int Accumulators = 12;
    private const int Iterations = 4096;
    private const int Attempts = 40;

    /// <summary>Measures for some tenths of a second; the best of several attempts counts, since other programs only slow down.</summary>
    /// <param name="vectorBits">512, 256 or 128.</param>
    public static MachinePeak Measure(int vectorBits) => new(
        vectorBits,
        MeasureGigaFlops(vectorBits),
        Bandwidth(vectorBits, CacheBytes),
        Bandwidth(vectorBits, MiddleBytes),
        Bandwidth(vectorBits, MemoryBytes));

    /// <summary>Measures <see cref="GigaFlops"/> alone, for some hundredths of a second.</summary>
    /// <param name="vectorBits">512, 256 or 128.</param>
    public static double MeasureGigaFlops(int vectorBits) =>
        Best(() => MultiplyAdd(vectorBits), 2.0 * Accumulators * Iterations * (vectorBits / 32), Attempts * 8);

    private static unsafe double Bandwidth(int vectorBits, int bytes)
    {
        int passes = Math.Max(1, (1 << 22) / bytes);
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, 64);
        try
        {
            NativeMemory.Fill(memory, (nuint)bytes, 1);
            return Best(() => Read(vectorBits, (float*)memory, bytes / sizeof(float), passes), (double)bytes * passes, bytes >= MemoryBytes ? 5 : Attempts);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>Work per second, in 10⁹, of the fastest attempt.</summary>
    private static double Best(Func<float> work, double amount, int attempts)
    {
        double best = double.MaxValue;
        float sink = work();
        for (int i = 0; i < attempts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            sink += work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        GC.KeepAlive(sink);
        return amount / best / 1e9;
    }

    private static float MultiplyAdd(int vectorBits) => vectorBits switch
    {
        512 => MultiplyAdd<Width512, Vector512<float>>(),
        256 => MultiplyAdd<Width256, Vector256<float>>(),
        _ => MultiplyAdd<Width128, Vector128<float>>(),
    };

    private static unsafe float Read(int vectorBits, float* data, int count, int passes) => vectorBits switch
    {
        512 => Read<Width512, Vector512<float>>(data, count, passes),
        256 => Read<Width256, Vector256<float>>(data, count, passes),
        _ => Read<Width128, Vector128<float>>(data, count, passes),
    };

    // Twelve sums are more than latency times throughput of every core so far, and fit the 16 registers of AVX2.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float MultiplyAdd<TWidth, TVector>()
        where TWidth : IWidth<TVector>
        where TVector : struct
    {
        TVector a = TWidth.Create(0.5f), c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < Iterations; i++)
        {
            c0 = TWidth.MultiplyAdd(c0, a, a);
            c1 = TWidth.MultiplyAdd(c1, a, a);
            c2 = TWidth.MultiplyAdd(c2, a, a);
            c3 = TWidth.MultiplyAdd(c3, a, a);
            c4 = TWidth.MultiplyAdd(c4, a, a);
            c5 = TWidth.MultiplyAdd(c5, a, a);
            c6 = TWidth.MultiplyAdd(c6, a, a);
            c7 = TWidth.MultiplyAdd(c7, a, a);
            c8 = TWidth.MultiplyAdd(c8, a, a);
            c9 = TWidth.MultiplyAdd(c9, a, a);
            c10 = TWidth.MultiplyAdd(c10, a, a);
            c11 = TWidth.MultiplyAdd(c11, a, a);
        }

        TVector low = TWidth.Add(TWidth.Add(TWidth.Add(c0, c1), TWidth.Add(c2, c3)), TWidth.Add(c4, c5));
        TVector high = TWidth.Add(TWidth.Add(TWidth.Add(c6, c7), TWidth.Add(c8, c9)), TWidth.Add(c10, c11));
        return TWidth.Sum(TWidth.Add(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe float Read<TWidth, TVector>(float* data, int count, int passes)
        where TWidth : IWidth<TVector>
        where TVector : struct
    {
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        for (int pass = 0; pass < passes; pass++)
        {
            for (int i = 0; i < count; i += 4 * TWidth.Count)
            {
                c0 = TWidth.Add(c0, TWidth.Load(data + i));
                c1 = TWidth.Add(c1, TWidth.Load(data + i + TWidth.Count));
                c2 = TWidth.Add(c2, TWidth.Load(data + i + (2 * TWidth.Count)));
                c3 = TWidth.Add(c3, TWidth.Load(data + i + (3 * TWidth.Count)));
            }
        }

        return TWidth.Sum(TWidth.Add(TWidth.Add(c0, c1), TWidth.Add(c2, c3)));
    }

    /// <summary>What the measurements need of vectors of one width, so that each is written once.</summary>
    private unsafe interface IWidth<TVector>
    {
        static abstract int Count { get; }

        static abstract TVector Create(float value);

        static abstract TVector Load(float* data);

        static abstract TVector Add(TVector a, TVector b);

        static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

        static abstract float Sum(TVector a);
    }

    private readonly unsafe struct Width512 : IWidth<Vector512<float>>
    {
        public static int Count => Vector512<float>.Count;

        public static Vector512<float> Create(float value) => Vector512.Create(value);

        public static Vector512<float> Load(float* data) => Vector512.Load(data);

        public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

        public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.MultiplyAddEstimate(a, b, c);

        public static float Sum(Vector512<float> a) => Vector512.Sum(a);
    }

    private readonly unsafe struct Width256 : IWidth<Vector256<float>>
    {
        public static int Count => Vector256<float>.Count;

        public static Vector256<float> Create(float value) => Vector256.Create(value);

        public static Vector256<float> Load(float* data) => Vector256.Load(data);

        public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

        public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.MultiplyAddEstimate(a, b, c);

        public static float Sum(Vector256<float> a) => Vector256.Sum(a);
    }

    private readonly unsafe struct Width128 : IWidth<Vector128<float>>
    {
        public static int Count => Vector128<float>.Count;

        public static Vector128<float> Create(float value) => Vector128.Create(value);

        public static Vector128<float> Load(float* data) => Vector128.Load(data);

        public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

        public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);

        public static float Sum(Vector128<float> a) => Vector128.Sum(a);
    }
}
