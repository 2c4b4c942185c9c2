using System.Collections.Generic;

namespace AotCompiler.Planning;

/// <summary>A buffer that wants a place in the arena.</summary>
/// <param name="Id">Caller's name for the buffer, unique within one plan.</param>
/// <param name="Bytes">Size in bytes; zero is allowed and occupies nothing.</param>
/// <param name="FirstStep">Step that writes the buffer.</param>
/// <param name="LastStep">Last step that reads it; the buffer is live in <c>FirstStep..LastStep</c>, both included.</param>
internal readonly record struct ArenaRequest(int Id, long Bytes, int FirstStep, int LastStep);

/// <summary>Step <paramref name="Step"/> may write <paramref name="NewId"/> over <paramref name="DyingId"/>, both starting at the same offset.</summary>
/// <remarks>The permission has no effect when the dying buffer lives beyond the step. Either buffer may be the larger one.</remarks>
internal readonly record struct InPlacePermission(int DyingId, int NewId, int Step);

/// <summary>Where each buffer lives in the arena, and how good that is.</summary>
internal sealed class ArenaLayout
{
    internal ArenaLayout(
        long[] offsets,
        long arenaBytes,
        long bytesWithoutReuse,
        long lowerBound,
        string strategy,
        IReadOnlyList<InPlacePermission> usedInPlace)
    {
        Offsets = offsets;
        ArenaBytes = arenaBytes;
        BytesWithoutReuse = bytesWithoutReuse;
        LowerBound = lowerBound;
        Strategy = strategy;
        UsedInPlace = usedInPlace;
    }

    /// <summary>Byte offset of each request, in the order of the requests; a multiple of <see cref="ArenaPlanner.Alignment"/>.</summary>
    public long[] Offsets { get; }

    /// <summary>Bytes of the arena, a multiple of <see cref="ArenaPlanner.Alignment"/>.</summary>
    public long ArenaBytes { get; }

    /// <summary>Sum of all sizes, each rounded up to <see cref="ArenaPlanner.Alignment"/>.</summary>
    public long BytesWithoutReuse { get; }

    /// <summary>Largest sum of live bytes at any step, each size rounded up, with the in-place writes that save most at that step.</summary>
    /// <remarks>No layout is smaller, whichever permissions it uses: an in-place write changes the sum of its own step only.</remarks>
    public long LowerBound { get; }

    /// <summary>Name of the strategy that found the layout, for the plan's printout.</summary>
    public string Strategy { get; }

    /// <summary>Permissions that the layout relies on, in the order in which they were given.</summary>
    public IReadOnlyList<InPlacePermission> UsedInPlace { get; }
}
