namespace AotCompiler.Planning;

/// <summary>A way to compute nodes.</summary>
internal enum UnitWay
{
    /// <summary>The fastest, which may need scratch memory.</summary>
    Fast,

    /// <summary>The plainest.</summary>
    Plain,

    /// <summary>In bands of rows.</summary>
    Banded,
}

/// <summary>A way to compute neighbouring nodes.</summary>
/// <param name="First">Position of the first node.</param>
/// <param name="End">Position behind the last.</param>
/// <param name="Way">The way.</param>
/// <param name="Bytes">Bytes of the arena that are live while they are computed.</param>
/// <param name="Nanoseconds">Estimated time over that of the fastest way.</param>
internal sealed record UnitChoice(int First, int End, UnitWay Way, long Bytes, long Nanoseconds)
{
    /// <summary>Rows of a band.</summary>
    public int BandRows { get; init; }
}
