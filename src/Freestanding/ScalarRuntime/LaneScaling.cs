namespace AotCompiler.Runtime;

// No processor whose vectors have one lane multiplies by powers of two in one instruction.
public static partial class VectorMath
{
    private static bool ScalesAtOnce => false;

    private static LaneSingle Scale(LaneSingle p, LaneSingle n) => p;

    private static LaneSingle Fraction(LaneSingle x) => x;
}
