using System;
using System.Runtime.InteropServices;

namespace AotCompiler.Runtime;

/// <summary>The memory that a model's intermediate tensors live in: one zeroed native block, aligned to 64 bytes.</summary>
/// <remarks>
/// The finalizer is a safety net for owners that are not disposed. Code that uses <see cref="Pointer"/> keeps the arena
/// reachable meanwhile (<see cref="GC.KeepAlive"/> after the last use), or the collector may release it too early.
/// </remarks>
public sealed unsafe class ModelArena : IDisposable
{
    /// <summary>Alignment of every arena and of every tensor in it, in bytes: one cache line, one 512-bit vector.</summary>
    public const int Alignment = 64;

    private byte* _pointer;

    /// <summary>Allocates and zeroes a block.</summary>
    /// <param name="length">Size in bytes; 0 is allowed and still gives a valid pointer.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or exceeds the address space.</exception>
    /// <exception cref="OutOfMemoryException">The block cannot be had.</exception>
    public ModelArena(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)length, nuint.MaxValue - Alignment, nameof(length));
        nuint size = (nuint)Math.Max(length, 1);
        _pointer = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(_pointer, size);
        Length = length;
    }

    /// <summary>Releases the block if its owner did not.</summary>
    ~ModelArena() => Free();

    /// <summary>First byte of the block; null after <see cref="Dispose"/>.</summary>
    public byte* Pointer => _pointer;

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    /// <summary>Fills the block with zeros; does nothing after <see cref="Dispose"/>.</summary>
    public void Clear()
    {
        if (_pointer != null)
        {
            NativeMemory.Clear(_pointer, (nuint)Length);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Releases the block. Calling it again does nothing.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        byte* pointer = _pointer;
        _pointer = null;
        NativeMemory.AlignedFree(pointer);
    }
}
