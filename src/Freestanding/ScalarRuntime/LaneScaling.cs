namespace AotCompiler.Runtime;

// No processor that has vectors of one lane only multiplies by powers of two in one instruction.
public static partial class VectorMath
{
    private static bool ScalesAtOnce => false;

    private static LaneSingle Scale(LaneSingle p, LaneSingle n) => p;
}
