namespace System.Runtime.CompilerServices;

public static unsafe class Unsafe
{
    [Intrinsic]
    public static ref T AsRef<T>(void* source) => ref AsRef<T>(source);

    [Intrinsic]
    public static ref T AsRef<T>(scoped ref readonly T source) => ref AsRef<T>(in source);

    [Intrinsic]
    public static ref T Add<T>(ref T source, int elementOffset) => ref Add(ref source, elementOffset);

    [Intrinsic]
    public static void* AsPointer<T>(ref readonly T value) => AsPointer(in value);

    [Intrinsic]
    public static ref TTo As<TFrom, TTo>(ref TFrom source) => ref As<TFrom, TTo>(ref source);

    [Intrinsic]
    public static int SizeOf<T>() => sizeof(T);

    public static void InitBlockUnaligned(void* startAddress, byte value, uint byteCount) => SpanHelpers.Fill((byte*)startAddress, value, byteCount);
}

public class RuntimeHelpers
{
    public static unsafe int OffsetToStringData => sizeof(IntPtr) + sizeof(int);

    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle field) => CreateSpan<T>(field);

    [Intrinsic]
    public static bool IsReferenceOrContainsReferences<T>() => IsReferenceOrContainsReferences<T>();
}
