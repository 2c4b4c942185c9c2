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
        512 => Vector512.Sum(MultiplyAdd512()),
        256 => Vector256.Sum(MultiplyAdd256()),
        _ => Vector128.Sum(MultiplyAdd128()),
    };

    private static unsafe float Read(int vectorBits, float* data, int count, int passes) => vectorBits switch
    {
        512 => Read512(data, count, passes),
        256 => Read256(data, count, passes),
        _ => Read128(data, count, passes),
    };

    // Twelve sums are more than latency times throughput of every core so far, and fit the 16 registers of AVX2.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector512<float> MultiplyAdd512()
    {
        Vector512<float> a = Vector512.Create(0.5f), c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < Iterations; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, a, a);
            c1 = Vector512.FusedMultiplyAdd(c1, a, a);
            c2 = Vector512.FusedMultiplyAdd(c2, a, a);
            c3 = Vector512.FusedMultiplyAdd(c3, a, a);
            c4 = Vector512.FusedMultiplyAdd(c4, a, a);
            c5 = Vector512.FusedMultiplyAdd(c5, a, a);
            c6 = Vector512.FusedMultiplyAdd(c6, a, a);
            c7 = Vector512.FusedMultiplyAdd(c7, a, a);
            c8 = Vector512.FusedMultiplyAdd(c8, a, a);
            c9 = Vector512.FusedMultiplyAdd(c9, a, a);
            c10 = Vector512.FusedMultiplyAdd(c10, a, a);
            c11 = Vector512.FusedMultiplyAdd(c11, a, a);
        }

        return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector256<float> MultiplyAdd256()
    {
        Vector256<float> a = Vector256.Create(0.5f), c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < Iterations; i++)
        {
            c0 = Vector256.MultiplyAddEstimate(c0, a, a);
            c1 = Vector256.MultiplyAddEstimate(c1, a, a);
            c2 = Vector256.MultiplyAddEstimate(c2, a, a);
            c3 = Vector256.MultiplyAddEstimate(c3, a, a);
            c4 = Vector256.MultiplyAddEstimate(c4, a, a);
            c5 = Vector256.MultiplyAddEstimate(c5, a, a);
            c6 = Vector256.MultiplyAddEstimate(c6, a, a);
            c7 = Vector256.MultiplyAddEstimate(c7, a, a);
            c8 = Vector256.MultiplyAddEstimate(c8, a, a);
            c9 = Vector256.MultiplyAddEstimate(c9, a, a);
            c10 = Vector256.MultiplyAddEstimate(c10, a, a);
            c11 = Vector256.MultiplyAddEstimate(c11, a, a);
        }

        return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector128<float> MultiplyAdd128()
    {
        Vector128<float> a = Vector128.Create(0.5f), c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < Iterations; i++)
        {
            c0 = Vector128.MultiplyAddEstimate(c0, a, a);
            c1 = Vector128.MultiplyAddEstimate(c1, a, a);
            c2 = Vector128.MultiplyAddEstimate(c2, a, a);
            c3 = Vector128.MultiplyAddEstimate(c3, a, a);
            c4 = Vector128.MultiplyAddEstimate(c4, a, a);
            c5 = Vector128.MultiplyAddEstimate(c5, a, a);
            c6 = Vector128.MultiplyAddEstimate(c6, a, a);
            c7 = Vector128.MultiplyAddEstimate(c7, a, a);
            c8 = Vector128.MultiplyAddEstimate(c8, a, a);
            c9 = Vector128.MultiplyAddEstimate(c9, a, a);
            c10 = Vector128.MultiplyAddEstimate(c10, a, a);
            c11 = Vector128.MultiplyAddEstimate(c11, a, a);
        }

        return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe float Read512(float* data, int count, int passes)
    {
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        for (int pass = 0; pass < passes; pass++)
        {
            for (int i = 0; i < count; i += 64)
            {
                c0 += Vector512.Load(data + i);
                c1 += Vector512.Load(data + i + 16);
                c2 += Vector512.Load(data + i + 32);
                c3 += Vector512.Load(data + i + 48);
            }
        }

        return Vector512.Sum(c0 + c1 + c2 + c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe float Read256(float* data, int count, int passes)
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
        for (int pass = 0; pass < passes; pass++)
        {
            for (int i = 0; i < count; i += 32)
            {
                c0 += Vector256.Load(data + i);
                c1 += Vector256.Load(data + i + 8);
                c2 += Vector256.Load(data + i + 16);
                c3 += Vector256.Load(data + i + 24);
            }
        }

        return Vector256.Sum(c0 + c1 + c2 + c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe float Read128(float* data, int count, int passes)
    {
        Vector128<float> c0 = default, c1 = default, c2 = default, c3 = default;
        for (int pass = 0; pass < passes; pass++)
        {
            for (int i = 0; i < count; i += 16)
            {
                c0 += Vector128.Load(data + i);
                c1 += Vector128.Load(data + i + 4);
                c2 += Vector128.Load(data + i + 8);
                c3 += Vector128.Load(data + i + 12);
            }
        }

        return Vector128.Sum(c0 + c1 + c2 + c3);
    }
}
