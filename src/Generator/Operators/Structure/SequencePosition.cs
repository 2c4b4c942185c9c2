using AotCompiler.Diagnostics;

namespace AotCompiler.Operators;

/// <summary>Positions in sequences: negative ones count from the end.</summary>
internal static class SequencePosition
{
    /// <summary>The constant position of an input; <paramref name="fallback"/> if it is absent.</summary>
    /// <param name="context">The node.</param>
    /// <param name="index">Number of the input.</param>
    /// <param name="length">Length of the sequence.</param>
    /// <param name="limit">One more than the last position that is allowed.</param>
    /// <param name="fallback">The position without that input.</param>
    public static int Of(StructureContext context, int index, int length, int limit, int fallback)
    {
        long position = context.ConstantInt(index, "position") ?? fallback;
        long normalized = position < 0 ? position + length : position;
        return normalized >= 0 && normalized < limit
            ? (int)normalized
            : throw context.Fail(DiagnosticCodes.ShapeMismatch, $"position {position} is outside the sequence of {length}");
    }
}
