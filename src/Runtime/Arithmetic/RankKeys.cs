using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <summary>
/// Numbers of up to 4 bytes with their positions as integers of 63 bits, the better below, of equal numbers the earlier. Such keys are
/// compared, exchanged and merged without a jump that depends on data. Called by generated code.
/// </summary>
public static unsafe class RankKeys
{
    private const int PositionBits = 31;
    private const int DigitBits = 8;
    private const int Digits = 4;
    private const int Bins = 1 << DigitBits;

    // Fewer keys are merged faster than the bins of all digits are counted.
    private const int FewestDistributed = 256;

    // Of the first digit of a selection, which has as many bits as the stack has room for.
    private const int SelectedBits = 10;

    /// <summary>The key of a float; NaN counts as below all numbers, and −0 as 0.</summary>
    /// <param name="x">The number.</param>
    /// <param name="position">Its position, not negative.</param>
    /// <param name="largest">True if larger is better.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(float x, int position, bool largest)
    {
        // The sum makes −0 0. Magnitudes order as their bits do, those below zero the other way.
        float sum = x + 0f;
        int bits = *(int*)&sum;
        return float.IsNaN(x) ? Key(0, position, largest) : Key((uint)(bits ^ ((bits >> 31) & 0x7FFFFFFF)) ^ 0x80000000, position, largest);
    }

    /// <inheritdoc cref="Of(float, int, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(int x, int position, bool largest) => Key((uint)x ^ 0x80000000, position, largest);

    /// <inheritdoc cref="Of(float, int, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(uint x, int position, bool largest) => Key(x, position, largest);

    /// <summary>The position in a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Position(ulong key) => (int)key & 0x7FFFFFFF;

    /// <summary>Sorts keys, the best first: runs of 1, 2, 4, … are merged, or many keys distributed digit by digit of their numbers.</summary>
    /// <param name="keys">The keys in the order of their positions; overwritten.</param>
    /// <param name="other">Room for as many.</param>
    /// <param name="count">How many.</param>
    /// <returns>Where the sorted keys are, one of the two.</returns>
    public static ulong* Sort(ulong* keys, ulong* other, int count) =>
        count < FewestDistributed ? SortByMerging(keys, other, count) : SortByDigits(keys, other, count);

    /// <summary>Moves the best keys, and some more, to the front, where they keep their order.</summary>
    /// <param name="keys">The keys; overwritten.</param>
    /// <param name="count">How many.</param>
    /// <param name="wanted">How many of them must be among those that are kept, 1 to <paramref name="count"/>.</param>
    /// <returns>How many are kept.</returns>
    public static int KeepBest(ulong* keys, int count, int wanted)
    {
        int* sizes = stackalloc int[1 << SelectedBits];
        Clear(sizes, 1 << SelectedBits);
        const int Shift = 63 - SelectedBits;
        for (int i = 0; i < count; i++)
        {
            sizes[keys[i] >> Shift]++;
        }

        int last = 0;
        for (int sum = sizes[0]; sum < wanted; sum += sizes[last])
        {
            last++;
        }

        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            ulong key = keys[i];
            keys[kept] = key;
            kept += 1 + ((last - (int)(key >> Shift)) >> 31);
        }

        return kept;
    }

    private static ulong* SortByDigits(ulong* keys, ulong* other, int count)
    {
        int* places = stackalloc int[Digits * Bins];
        Clear(places, Digits * Bins);
        for (int i = 0; i < count; i++)
        {
            ulong rank = keys[i] >> PositionBits;
            for (int digit = 0; digit < Digits; digit++)
            {
                places[(digit * Bins) + (int)((rank >> (digit * DigitBits)) & (Bins - 1))]++;
            }
        }

        for (int digit = 0; digit < Digits; digit++)
        {
            int shift = PositionBits + (digit * DigitBits);
            int* place = places + (digit * Bins);
            if (place[(keys[0] >> shift) & (Bins - 1)] == count)
            {
                continue;
            }

            for (int bin = 0, start = 0; bin < Bins; bin++)
            {
                int size = place[bin];
                place[bin] = start;
                start += size;
            }

            for (int i = 0; i < count; i++)
            {
                ulong key = keys[i];
                other[place[(key >> shift) & (Bins - 1)]++] = key;
            }

            ulong* sorted = other;
            other = keys;
            keys = sorted;
        }

        return keys;
    }

    private static void Clear(int* numbers, int count)
    {
        for (int i = 0; i < count; i++)
        {
            numbers[i] = 0;
        }
    }

    /// <summary>Sorts keys in any order, the best first.</summary>
    /// <inheritdoc cref="Sort"/>
    public static ulong* SortByMerging(ulong* keys, ulong* other, int count)
    {
        for (long run = 1; run < count; run *= 2)
        {
            for (long start = 0; start < count; start += 2 * run)
            {
                long middle = start + run < count ? start + run : count;
                long end = middle + run < count ? middle + run : count;
                Merge(keys + start, keys + middle, keys + end, other + start);
            }

            ulong* merged = other;
            other = keys;
            keys = merged;
        }

        return keys;
    }

    /// <summary>Makes keys a heap with the worst at its root.</summary>
    public static void MakeHeap(ulong* keys, int count)
    {
        for (int parent = (count / 2) - 1; parent >= 0; parent--)
        {
            Sift(keys, count, parent, keys[parent]);
        }
    }

    /// <summary>Puts a key into a heap in the place of the worst one.</summary>
    public static void ReplaceWorst(ulong* keys, int count, ulong key) => Sift(keys, count, 0, key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(uint rank, int position, bool largest) => ((ulong)(largest ? ~rank : rank) << PositionBits) | (uint)position;

    private static void Merge(ulong* left, ulong* right, ulong* end, ulong* to)
    {
        ulong* middle = right;
        while (left < middle && right < end)
        {
            ulong a = *left;
            ulong b = *right;

            // −1 if the right one is below the left one, else 0.
            long below = (long)(b - a) >> 63;
            *to++ = a ^ ((a ^ b) & (ulong)below);
            right -= below;
            left += 1 + below;
        }

        while (left < middle)
        {
            *to++ = *left++;
        }

        while (right < end)
        {
            *to++ = *right++;
        }
    }

    private static void Sift(ulong* keys, int count, int hole, ulong key)
    {
        long child;
        while ((child = (2L * hole) + 1) < count)
        {
            // The worse of two children; behind the last one nothing is read.
            child -= child + 1 < count ? (long)(keys[child] - keys[child + 1]) >> 63 : 0;
            if (keys[child] <= key)
            {
                break;
            }

            keys[hole] = keys[child];
            hole = (int)child;
        }

        keys[hole] = key;
    }
}
