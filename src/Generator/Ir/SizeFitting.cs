using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Ir;

/// <summary>
/// Finds the expression behind a number that inference gave in each sample: a known expression, a number, or a linear function
/// (with floor division) of one, of the sum, difference or product of two, or the smaller or larger of two, shifted by a number;
/// the remainder of one, or one rounded to multiples.
/// What agrees in all samples is taken; polynomials of low degree that agree in so many scattered points are the same, and
/// remainders and limits have samples of their own.
/// </summary>
internal static class SizeFitting
{
    private const int MaxDivisor = 64;

    /// <summary>The expression with these values, or null if none is found.</summary>
    /// <param name="values">The value in each sample.</param>
    /// <param name="known">Expressions that the value is made of, likely ones first.</param>
    public static Size? Find(long[] values, IReadOnlyList<Size> known)
    {
        if (values.All(v => v == values[0]))
        {
            return Size.Of(values[0]);
        }

        Size[] distinct = known.Where(static k => k.Constant is null).Distinct().ToArray();
        return distinct.FirstOrDefault(k => k.Samples.AsSpan().SequenceEqual(values))
            ?? distinct.Select(k => Linear(values, k)).FirstOrDefault(static s => s is not null)
            ?? distinct.Select(k => Limited(values, k)).FirstOrDefault(static s => s is not null)
            ?? distinct.Select(k => Multiple(values, k) ?? Remainder(values, k)).FirstOrDefault(static s => s is not null)
            ?? Pairs(distinct).Select(p => Linear(values, p)).FirstOrDefault(static s => s is not null)
            ?? Extremes(distinct).FirstOrDefault(k => k.Samples.AsSpan().SequenceEqual(values));
    }

    /// <summary>min(x + a, b) or max(x + a, b) with these values, or null.</summary>
    private static Size? Limited(long[] values, Size x)
    {
        long[] at = x.Samples;
        foreach (bool smaller in new[] { true, false })
        {
            long limit = smaller ? values.Max() : values.Min();
            int free = Array.FindIndex(values, v => v != limit);
            long shift = values[free] - at[free];
            bool fits = true;
            for (int i = 0; i < values.Length && fits; i++)
            {
                fits = values[i] == (smaller ? Math.Min(at[i] + shift, limit) : Math.Max(at[i] + shift, limit));
            }

            if (fits)
            {
                Size shifted = x + Size.Of(shift);
                return smaller ? Size.Min(shifted, Size.Of(limit)) : Size.Max(shifted, Size.Of(limit));
            }
        }

        return null;
    }

    /// <summary>m·⌊(a·x + b) / q⌋ + c with these values for an m above 1, or null: sizes padded to whole blocks.</summary>
    private static Size? Multiple(long[] values, Size x)
    {
        long multiple = values.Aggregate(0L, (divisor, v) => GreatestDivisor(divisor, Math.Abs(v - values[0])));
        long rest = ((values[0] % multiple) + multiple) % multiple;
        return multiple > 1 && Linear(values.Select(v => (v - rest) / multiple).ToArray(), x) is { } blocks
            ? (blocks * Size.Of(multiple)) + Size.Of(rest)
            : null;
    }

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);

    /// <summary>(x + b) mod q + c or (b - x) mod q + c with these values, or null: what is left of the last block, or missing in it.</summary>
    private static Size? Remainder(long[] values, Size x)
    {
        long[] at = x.Samples;
        long least = values.Min();
        long span = values.Max() - least;
        for (long q = span + 1; q <= MaxDivisor; q++)
        {
            foreach (int sign in new[] { 1, -1 })
            {
                // v - c = sign·x + b - q·⌊(sign·x + b) / q⌋.
                long b = values[0] - least - (sign * at[0]);
                b = ((b % q) + q) % q;
                if (at.Select((a, i) => values[i] - least - (sign * a) - b).All(d => d % q == 0))
                {
                    Size block = Size.Of(q);
                    return Size.Of(least + b) + (sign > 0
                        ? x - ((x + Size.Of(b)).FloorDivide(q) * block)
                        : ((x + Size.Of(q - 1 - b)).FloorDivide(q) * block) - x);
                }
            }
        }

        return null;
    }

    private static IEnumerable<Size> Extremes(Size[] known)
    {
        for (int i = 0; i < known.Length; i++)
        {
            for (int j = i + 1; j < known.Length; j++)
            {
                yield return Size.Min(known[i], known[j]);
                yield return Size.Max(known[i], known[j]);
            }
        }
    }

    private static IEnumerable<Size> Pairs(Size[] known)
    {
        for (int i = 0; i < known.Length; i++)
        {
            for (int j = 0; j < known.Length; j++)
            {
                if (i <= j)
                {
                    yield return known[i] * known[j];
                }

                if (i < j)
                {
                    yield return known[i] + known[j];
                }

                if (i != j)
                {
                    yield return known[i] - known[j];
                }
            }
        }
    }

    /// <summary>⌊(a·x + b) / q⌋ with these values, or null.</summary>
    private static Size? Linear(long[] values, Size x)
    {
        long[] at = x.Samples;
        (int low, int high) = Ends(at);
        long run = at[high] - at[low];
        long rise = values[high] - values[low];
        if (run == 0)
        {
            return null;
        }

        // Without a remainder anywhere: other divisors may agree as well, in the samples only.
        long common = GreatestDivisor(run, Math.Abs(rise));
        long difference = (run / common * values[0]) - (rise / common * at[0]);
        if (rise != 0 && values.Select((v, i) => (run / common * v) - (rise / common * at[i])).All(d => d == difference))
        {
            return ((x * Size.Of(rise / common)) + Size.Of(difference)).FloorDivide(run / common);
        }

        for (long q = 1; q <= MaxDivisor; q++)
        {
            long a = (long)Math.Round((double)rise * q / run);
            if (a != 0 && Offset(values, at, a, q) is { } b)
            {
                return ((x * Size.Of(a)) + Size.Of(b)).FloorDivide(q);
            }
        }

        // A whole by a large number: elements by the elements of a row.
        long divisor = rise == 0 ? 0 : (long)Math.Round((double)run / rise);
        return divisor > MaxDivisor && Offset(values, at, 1, divisor) is { } c ? (x + Size.Of(c)).FloorDivide(divisor) : null;
    }

    /// <summary>The b for which ⌊(a·x + b) / q⌋ has the values: that of the smallest magnitude; null if there is none.</summary>
    private static long? Offset(long[] values, long[] at, long a, long q)
    {
        long least = long.MinValue;
        long most = long.MaxValue;
        for (int i = 0; i < values.Length && least <= most; i++)
        {
            long lower = (q * values[i]) - (a * at[i]);
            least = Math.Max(least, lower);
            most = Math.Min(most, lower + q - 1);
        }

        return least > most ? null : least > 0 ? least : most < 0 ? most : 0;
    }

    private static (int Low, int High) Ends(long[] values)
    {
        int low = 0;
        int high = 0;
        for (int i = 1; i < values.Length; i++)
        {
            low = values[i] < values[low] ? i : low;
            high = values[i] > values[high] ? i : high;
        }

        return (low, high);
    }
}
