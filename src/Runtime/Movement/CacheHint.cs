using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

/// <summary>Hints to the processor about memory that is needed soon; they change no result.</summary>
public static unsafe class CacheHint
{
    private const int LineBytes = 64;

    /// <summary>Begins to fetch the line at an address, which may lie behind the end of the memory, into the second-level cache.</summary>
    /// <param name="address">An address in the line.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    /// <summary>Begins to fetch lines of memory, which another core may have written, while the caller works on others.</summary>
    /// <param name="start">Where the first of them begins.</param>
    /// <param name="count">How many floats are needed from there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* start, int count)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < count; i += LineBytes / sizeof(float))
            {
                Sse.Prefetch0(start + i);
            }
        }
    }
}
