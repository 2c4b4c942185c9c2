using System;

namespace AotCompiler.Ir;

/// <summary>
/// The sizes at which inference is tried. A rule of inference is written once, for numbers; running it in many samples shows
/// what it makes of sizes that are not known: see <see cref="SizeFitting"/>.
/// </summary>
/// <remarks>
/// Sample 0 has all maxima and sample 1 all minima. Then each variable has samples of its own, in which it counts up from its
/// minimum and up to its maximum while the others take scattered values, so that remainders of divisions and limits show.
/// </remarks>
internal static class SizeSamples
{
    /// <summary>Samples of a model.</summary>
    public const int Count = 128;

    /// <summary>Samples that are enough to notice an expression that is wrong.</summary>
    public const int CheckCount = 8;

    /// <summary>Shares of the samples where it is not known how many variables there will be.</summary>
    public const int Shares = 8;

    private const int First = 2;

    /// <summary>The values of one of several variables.</summary>
    /// <param name="minimum">Least value.</param>
    /// <param name="maximum">Greatest value.</param>
    /// <param name="variable">Number of the variable among them.</param>
    /// <param name="variables">How many there are.</param>
    public static long[] Values(int minimum, int maximum, int variable, int variables)
    {
        var values = new long[Count];
        long last = maximum - (long)minimum;
        int share = Math.Max(8, (Count - First) / Math.Max(1, variables));
        for (int i = 0; i < Count; i++)
        {
            int own = i - First - (variable * share);
            long number = i == 0 ? last : i == 1 ? 0
                : own >= 0 && own < share / 2 ? own % (last + 1)
                : own >= 0 && own < share * 3 / 4 ? Math.Max(0, last - (own - (share / 2)))
                : Scattered(i, variable) % (last + 1);
            values[i] = minimum + number;
        }

        return values;
    }

    /// <summary>What a count is in a sample, whose bound may be another one there.</summary>
    public static long CountIn(int sample, int variable, long bound) => sample == 0 ? bound : sample == 1 ? 1 : ScatteredCount(sample, variable, bound);

    /// <summary>A scattered number from 1 to a bound; every second one small, since limits are often far below what is possible.</summary>
    private static long ScatteredCount(int sample, int variable, long bound)
    {
        long number = Scattered(sample, variable);
        long small = 1L << (int)(number % 16);
        return 1 + (Scattered(sample, variable + Count) % (sample % 2 == 0 ? bound : Math.Min(bound, 4 * small)));
    }

    /// <summary>A value that looks random but is the same in every run, 0 or more.</summary>
    public static long Scattered(int sample, int variable)
    {
        unchecked
        {
            ulong x = ((ulong)sample * 0x9E3779B97F4A7C15UL) + ((ulong)(variable + 1) * 0xBF58476D1CE4E5B9UL);
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            return (long)((x ^ (x >> 31)) >> 2);
        }
    }
}
