using System.Runtime.CompilerServices;

namespace System;

/// <summary>Constant data: what <c>new float[] { … }</c> becomes where a span is wanted. No bounds are checked.</summary>
public readonly unsafe ref struct ReadOnlySpan<T>
{
    private readonly ref T _reference;
    private readonly int _length;

    [Intrinsic]
    public ReadOnlySpan(void* pointer, int length)
    {
        _reference = ref Unsafe.AsRef<T>(pointer);
        _length = length;
    }

    /// <summary>Demanded by the C# compiler, which replaces it for constant data.</summary>
    public ReadOnlySpan(T[] array)
    {
        _reference = ref Unsafe.AsRef<T>(null);
        _length = 0;
    }

    public int Length => _length;

    public ref readonly T this[int index] => ref Unsafe.Add(ref _reference, index);

    public static implicit operator ReadOnlySpan<T>(T[] array) => default;

    public ref readonly T GetPinnableReference() => ref _reference;
}
