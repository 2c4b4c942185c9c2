namespace AotCompiler.Runtime;

/// <summary>
/// Elementary functions on vectors of single-precision numbers, for kernels: no allocation, no exception, no table,
/// no call into a C library. The overloads for 128, 256 and 512 bits and for one float compute the same operations
/// in the same order, so a loop's tail gives the bits that its body would.
/// </summary>
/// <remarks>
/// Coefficients are minimax fits computed by eng/vector-math/fit.py. Error bounds are in units in the last place (ULP)
/// of the exact result and hold with and without fused multiply-add; how they are measured is in
/// docs/adr/0003-vector-math.md. NaN gives NaN; denormals are honoured.
/// </remarks>
public static partial class VectorMath
{
    private const float Log2E = 1.44269504f;

    private const float Ln2 = 0.69314718f;

    // ln 2 = High + Low; High has 12 significant bits, so n·High is exact for the exponents n that occur.
    private const float Ln2High = 0.693115234375f;
    private const float Ln2Low = 3.19461815e-05f;

    // Adding 1.5·2^23 rounds a small float to an integer (ties to even) and leaves that integer in the low bits.
    private const float RoundingShift = 12582912.0f;
    private const int RoundingShiftBits = 0x4B400000;

    // The same for a double: 1.5·2^52.
    private const double DoubleRoundingShift = 6755399441055744.0;

    // The bit pattern of √½.
    private const int SqrtHalfBits = 0x3F3504F3;

    private const double HalfPi = 1.5707963267948966;
    private const double TwoOverPi = 0.6366197723675814;

    // π/2 = 1 + 2 + 3; the first two have 33 bits, so that a product with an integer below 2^20 is exact.
    private const double HalfPi1 = 1.5707963267341256;
    private const double HalfPi2 = 6.077100506303966e-11;
    private const double HalfPi3 = 2.0222662487959506e-21;

    // π/2 = High + Low in single precision.
    private const float HalfPiHigh = 1.57079637f;
    private const float HalfPiLow = -4.37113883e-8f;

    // Below it the number of quadrants is below 2^20.
    private const float LargestFastAngle = 1048576.0f;

    // Where the polynomial of Gelu's exponent is −127, and where it is below −150.
    private const float GeluRange = 10.388231f;
    private const float WideGeluRange = 10.8f;

    private const float SmallestNormal = 1.17549435e-38f;
}
