using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <content>Tiles where a register holds one element: one row of 4 columns.</content>
public static unsafe partial class Transposition
{
    /// <summary>Copies a row of 4 columns: <c>target[column · columnStride] = source[column]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile32(float* source, long rowStride, float* target, long columnStride)
    {
        int stride = (int)columnStride;
        target[0] = source[0];
        target[stride] = source[1];
        target[2 * stride] = source[2];
        target[3 * stride] = source[3];
    }
}
