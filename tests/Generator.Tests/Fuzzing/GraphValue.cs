using AotCompiler.Ir;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>A value of a random graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Exact">
/// True if every correct implementation computes the same bits, so that rounding, comparing or sorting it cannot make a small
/// difference large.
/// </param>
internal sealed record GraphValue(string Name, ElementType Type, Shape Shape, bool Exact)
{
    public int Rank => Shape.Rank;

    public bool IsFloat => Type == ElementType.Float32;
}
