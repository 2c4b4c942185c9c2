namespace AotCompiler.Ir;

/// <summary>The whole numbers from First to Last that Step divides, as both ends are.</summary>
/// <param name="First">Least number.</param>
/// <param name="Last">Greatest number.</param>
/// <param name="Step">1 or more.</param>
internal readonly record struct SizeRange(long First, long Last, long Step = 1)
{
    /// <summary>True for one number.</summary>
    public bool IsFixed => First == Last;
}
