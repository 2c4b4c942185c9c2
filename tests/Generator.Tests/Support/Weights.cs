using System;
using System.Linq;

namespace AotCompiler.Tests.Support;

/// <summary>Seeded test weights.</summary>
internal static class Weights
{
    /// <summary>Uniform in [-0.5, 0.5).</summary>
    public static float[] Random(long count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, (int)count).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
    }
}
