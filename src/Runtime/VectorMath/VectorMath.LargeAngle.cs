namespace AotCompiler.Runtime;

// Range reduction of angles for which double precision does not reach.
public static partial class VectorMath
{
    /// <summary>x − k·π/2 for |x| ≥ 1, with k modulo 4; NaN for ±∞ and NaN (Payne and Hanek's method).</summary>
    /// <remarks>
    /// x = m·2^e. Only the bits of 2/π whose weight times 2^e lies below 4 matter, as multiples of 4 do not change the quadrant;
    /// 128 of them times the 24 bits of m leave 2^−62 of a quadrant, and no float is nearer than 2^−31 to a multiple of π/2.
    /// </remarks>
    private static unsafe float ReduceLargeAngle(float x, out int quadrant)
    {
        // Through memory: .NET 10.0's JIT compiles Vector128.CreateScalarUnsafe(x).AsUInt32().ToScalar() to a move between
        // the wrong registers when AVX-512 is there.
        uint bits = *(uint*)&x;
        int exponent = (int)((bits >> 23) & 0xFF);
        if (exponent == 0xFF)
        {
            quadrant = 0;
            return float.NaN;
        }

        // The table is 2/π·2^−5; from bit offset e + 3 on it holds the fraction of 2^e·(2/π)/4.
        int offset = exponent - 150 + 3;
        ulong mantissa = (bits & 0x007FFFFF) | 0x00800000;
        ulong high = TwoOverPiBits(offset);
        ulong low = TwoOverPiBits(offset + 64);
        ulong turns = (mantissa * high) + ((mantissa * (low >> 32)) >> 32);

        // The top two bits are the quadrant; the rest, rounded to the nearest quadrant, is a signed fraction of one.
        int k = (int)((turns + (1UL << 61)) >> 62);
        float r = (float)((long)(turns << 2) * (HalfPi / 18446744073709551616.0));
        bool negative = (bits >> 31) != 0;
        quadrant = negative ? -k : k;
        return negative ? -r : r;
    }

    // 64 bits of 2/π·2^−5 from a bit offset on.
    private static ulong TwoOverPiBits(int offset)
    {
        int word = offset >> 6;
        int shift = offset & 63;
        ulong first = TwoOverPiWord(word);
        return shift == 0 ? first : (first << shift) | (TwoOverPiWord(word + 1) >> (64 - shift));
    }

    private static ulong TwoOverPiWord(int index) => index switch
    {
        0 => 0x0517CC1B727220A9,
        1 => 0x4FE13ABE8FA9A6EE,
        2 => 0x06DB14ACC9E21C82,
        _ => 0x0FF28B1D5EF5DE2B,
    };
}
