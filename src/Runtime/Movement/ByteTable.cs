using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

/// <summary>A function of a byte, looked up in the table of its 256 values.</summary>
public static unsafe class ByteTable
{
    /// <summary>Writes <c>target[i] = table[source[i]]</c>; both may be the same memory.</summary>
    /// <param name="table">256 bytes.</param>
    /// <param name="source">Bytes.</param>
    /// <param name="target">As many.</param>
    /// <param name="count">Their number.</param>
    public static void Map(byte* table, byte* source, byte* target, long count)
    {
        long i = 0;
        if (Avx512Vbmi.IsSupported)
        {
            Vector512<byte> first = Vector512.Load(table);
            Vector512<byte> second = Vector512.Load(table + 64);
            Vector512<byte> third = Vector512.Load(table + 128);
            Vector512<byte> fourth = Vector512.Load(table + 192);
            for (; i <= count - 64; i += 64)
            {
                Vector512<byte> index = Vector512.Load(source + i);
                Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(first, index, second);
                Vector512<byte> high = Avx512Vbmi.PermuteVar64x8x2(third, index, fourth);
                Vector512.Store(Vector512.ConditionalSelect(Vector512.LessThan(index.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high, low), target + i);
            }
        }

        for (; i <= count - 4; i += 4)
        {
            byte a = table[source[i]];
            byte b = table[source[i + 1]];
            byte c = table[source[i + 2]];
            byte d = table[source[i + 3]];
            target[i] = a;
            target[i + 1] = b;
            target[i + 2] = c;
            target[i + 3] = d;
        }

        for (; i < count; i++)
        {
            target[i] = table[source[i]];
        }
    }
}
