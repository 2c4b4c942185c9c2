namespace AotCompiler.Runtime;

/// <summary>
/// Elementary functions on vectors of single-precision numbers, for kernels: no allocation, no exception, no table,
/// no call into a C library. The overloads for 128, 256 and 512 bits and for one float compute the same operations
/// in the same order, so a loop's tail gives the bits that its body would.
/// </summary>
/// <remarks>
/// Coefficients are minimax fits computed by eng/vector-math/fit.py. Error bounds are in units in the last place (ULP)
/// of the exact result, measured over all 2^32 inputs against double precision, with and without fused
/// multiply-add (docs/adr/0003-vector-math.md). NaN gives NaN; denormals are honoured.
/// </remarks>
public static partial class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 = High + Low; High has 10 significant bits, so n·High is exact for the exponents n that occur.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Adding 1.5·2^23 rounds a small float to an integer (ties to even) and leaves that integer in the low bits.
    private const float RoundingShift = 12582912.0f;
    private const int RoundingShiftBits = 0x4B400000;

    private const float SmallestNormal = 1.17549435e-38f;
}
