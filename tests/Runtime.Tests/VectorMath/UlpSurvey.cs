using System;
using System.Threading.Tasks;

namespace AotCompiler.Runtime.Tests;

/// <summary>Largest error of a function over the bit patterns of all floats, or a strided sample of them.</summary>
internal readonly record struct UlpSurvey(double MaxUlp, float WorstInput, float WorstOutput)
{
    // Odd, so coprime to 2^32; and no simple fraction of a binade, so that mantissas vary.
    private const uint DefaultStride = 4099;
    private const int ChunkLength = 4096;

    /// <summary>1 when AOTC_EXHAUSTIVE=1, else every 4099th pattern.</summary>
    public static uint Stride { get; } = Environment.GetEnvironmentVariable("AOTC_EXHAUSTIVE") == "1" ? 1u : DefaultStride;

    public static UlpSurvey Measure(FunctionCase function, Kernel kernel, uint stride)
    {
        long count = (long)((1UL << 32) / stride);
        long chunks = (count + ChunkLength - 1) / ChunkLength;
        var gate = new object();
        UlpSurvey worst = default;
        Parallel.For(
            0L,
            chunks,
            static () => default(UlpSurvey),
            (chunk, _, local) => Worse(local, MeasureChunk(function, kernel, (ulong)chunk * ChunkLength * stride, stride)),
            local =>
            {
                lock (gate)
                {
                    worst = Worse(worst, local);
                }
            });
        return worst;
    }

    private static UlpSurvey Worse(UlpSurvey a, UlpSurvey b) => b.MaxUlp > a.MaxUlp ? b : a;

    private static UlpSurvey MeasureChunk(FunctionCase function, Kernel kernel, ulong first, uint stride)
    {
        Span<float> x = stackalloc float[ChunkLength];
        Span<float> y = stackalloc float[ChunkLength];
        for (int i = 0; i < ChunkLength; i++)
        {
            x[i] = BitConverter.UInt32BitsToSingle((uint)(first + ((ulong)i * stride)));
        }

        kernel(x, y);
        UlpSurvey worst = default;
        for (int i = 0; i < ChunkLength; i++)
        {
            double exact = function.Exact(x[i]);
            double error = Ulp.Error(y[i], exact);
            if (error > worst.MaxUlp && !(Math.Abs(y[i] - exact) <= function.Slack))
            {
                worst = new UlpSurvey(error, x[i], y[i]);
            }
        }

        return worst;
    }
}
