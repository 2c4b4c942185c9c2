using System;
using System.Runtime.InteropServices;

namespace AotCompiler.Ir;

/// <summary>Moves elements of constants of any type at compile time, as bits.</summary>
internal static class ElementMovement
{
    /// <summary>The tensor whose element (i₀, i₁, …) is element <c>offset + Σ iₖ·strides[k]</c> of the source.</summary>
    /// <param name="source">The source, row-major.</param>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="strides">Elements of the source from one to the next, for each dimension of the result; 0 and negative are allowed.</param>
    /// <param name="offset">Element of the source that becomes element (0, 0, …).</param>
    public static Tensor Strided(Tensor source, Shape shape, long[] strides, long offset = 0)
    {
        var bytes = new byte[checked((int)(shape.ElementCount * source.Type.Size()))];
        switch (source.Type.Size())
        {
            case 1:
                Walk(source.AsSpan<byte>(), bytes, shape, strides, offset);
                break;
            case 2:
                Walk(source.AsSpan<ushort>(), MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan()), shape, strides, offset);
                break;
            case 4:
                Walk(source.AsSpan<uint>(), MemoryMarshal.Cast<byte, uint>(bytes.AsSpan()), shape, strides, offset);
                break;
            case 8:
                Walk(source.AsSpan<ulong>(), MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan()), shape, strides, offset);
                break;
            default:
                Walk(source.AsSpan<decimal>(), MemoryMarshal.Cast<byte, decimal>(bytes.AsSpan()), shape, strides, offset);
                break;
        }

        return Tensor.FromBytes(source.Type, shape, bytes, source.Recipe);
    }

    /// <summary>The tensor whose row-major element i is element <paramref name="map"/>(i) of the source.</summary>
    public static Tensor Pick(Tensor source, Shape shape, Func<int, long> map)
    {
        int size = source.Type.Size();
        var bytes = new byte[checked((int)(shape.ElementCount * size))];
        ReadOnlySpan<byte> from = source.Bytes;
        for (int i = 0; i < shape.ElementCount; i++)
        {
            from.Slice(checked((int)(map(i) * size)), size).CopyTo(bytes.AsSpan(i * size));
        }

        return Tensor.FromBytes(source.Type, shape, bytes, source.Recipe);
    }

    private static void Walk<T>(ReadOnlySpan<T> source, Span<T> target, Shape shape, long[] strides, long offset)
        where T : unmanaged
    {
        if (target.Length == 0)
        {
            return;
        }

        int rank = shape.Rank;
        var index = new int[rank];
        long at = offset;
        for (int i = 0; ; i++)
        {
            target[i] = source[(int)at];
            int d = rank - 1;
            while (d >= 0 && ++index[d] == shape[d])
            {
                at -= strides[d] * (shape[d] - 1);
                index[d--] = 0;
            }

            if (d < 0)
            {
                return;
            }

            at += strides[d];
        }
    }
}
