using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics;

[Intrinsic]
public readonly unsafe partial struct Vector64<T>
{
    internal readonly ulong _00;
}

[Intrinsic]
public readonly unsafe partial struct Vector128<T>
{
    internal readonly Vector64<T> _lower;
    internal readonly Vector64<T> _upper;
}

[Intrinsic]
public readonly unsafe partial struct Vector256<T>
{
    internal readonly Vector128<T> _lower;
    internal readonly Vector128<T> _upper;
}

[Intrinsic]
public readonly unsafe partial struct Vector512<T>
{
    internal readonly Vector256<T> _lower;
    internal readonly Vector256<T> _upper;
}

public static unsafe partial class Vector128
{
    /// <summary>A field access where .NET has an intrinsic of its own for the x64 half it cannot expand.</summary>
    public static Vector64<T> GetLower<T>(this Vector128<T> vector) => vector._lower;

    public static Vector64<T> GetUpper<T>(this Vector128<T> vector) => vector._upper;

    public static Vector128<T> Create<T>(Vector64<T> lower, Vector64<T> upper) => lower.ToVector128Unsafe().WithUpper(upper);
}

public static unsafe partial class Vector256
{
    public static Vector256<T> Create<T>(Vector128<T> lower, Vector128<T> upper) => lower.ToVector256Unsafe().WithUpper(upper);
}

public static unsafe partial class Vector512
{
    public static Vector512<T> Create<T>(Vector256<T> lower, Vector256<T> upper) => lower.ToVector512Unsafe().WithUpper(upper);
}
