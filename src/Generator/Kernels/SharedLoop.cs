using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>Loops of which one lies in the other, and whose iterations do not depend on each other: threads share those of one.</summary>
internal static class SharedLoop
{
    /// <summary>Units that are enough for even shares on some threads.</summary>
    private const int Enough = 16;

    /// <summary>True if that is the outer one: it is unless it has few iterations and the inner one has more.</summary>
    public static bool IsOuter(Extent outer, Extent inner) => outer.Maximum >= Enough || outer.Maximum >= inner.Maximum;

    /// <summary>Writes one of the loops.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="variable">The loop's variable.</param>
    /// <param name="extent">Iterations.</param>
    /// <param name="isShared">True if they are the step's units.</param>
    public static CodeWriter.Scope For(StepWriter writer, string variable, Extent extent, bool isShared) =>
        isShared ? writer.ForUnits(variable, extent) : writer.For(variable, extent);
}
