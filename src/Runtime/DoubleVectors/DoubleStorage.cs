using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

/// <summary>Loads <see cref="float"/> elements as vectors of <see cref="double"/> and stores such vectors rounded. Called by generated code.</summary>
public static unsafe class DoubleStorage
{
    /// <summary>Loads 2 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Load128(float* source) => Vector128.Create((double)source[0], (double)source[1]);

    /// <summary>Loads 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load256(float* source) => Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe());

    /// <summary>Loads 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load512(float* source) => Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe());

    /// <summary>Stores 2 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<double> value, float* target)
    {
        target[0] = (float)value.ToScalar();
        target[1] = (float)value.GetElement(1);
    }

    /// <summary>Stores 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> value, float* target) => Vector128.Store(Vector128.Narrow(value.GetLower(), value.GetUpper()), target);

    /// <summary>Stores 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<double> value, float* target) => Vector256.Store(Vector256.Narrow(value.GetLower(), value.GetUpper()), target);
}
