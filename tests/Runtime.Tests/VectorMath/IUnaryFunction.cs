using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime.Tests;

/// <summary>One function of <see cref="VectorMath"/> in its four overloads.</summary>
internal interface IUnaryFunction
{
    static abstract float Invoke(float x);

    static abstract Vector128<float> Invoke(Vector128<float> x);

    static abstract Vector256<float> Invoke(Vector256<float> x);

    static abstract Vector512<float> Invoke(Vector512<float> x);
}

/// <summary>Maps x to y, equally long, element by element.</summary>
internal delegate void Kernel(ReadOnlySpan<float> x, Span<float> y);

/// <summary>Loops that apply one overload to a whole span whose length is a multiple of 16.</summary>
internal static class Kernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scalar<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IUnaryFunction
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = TFunction.Invoke(x[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Wide128<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IUnaryFunction
    {
        for (int i = 0; i < x.Length; i += Vector128<float>.Count)
        {
            TFunction.Invoke(Vector128.Create(x[i..])).CopyTo(y[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Wide256<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IUnaryFunction
    {
        for (int i = 0; i < x.Length; i += Vector256<float>.Count)
        {
            TFunction.Invoke(Vector256.Create(x[i..])).CopyTo(y[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Wide512<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IUnaryFunction
    {
        for (int i = 0; i < x.Length; i += Vector512<float>.Count)
        {
            TFunction.Invoke(Vector512.Create(x[i..])).CopyTo(y[i..]);
        }
    }

    /// <summary>The arguments that <see cref="Constants"/> knows.</summary>
    public static readonly float[] ConstantArguments =
    [
        0f, -0f, 0.25f, -0.75f, 1f, -1f, 1.1f, -2f, 3f, 20f, -50f, 100f,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1e-40f,
    ];

    /// <summary>Ignores x and applies the function to <see cref="ConstantArguments"/> as literals, which the compiler may fold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Constants<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IUnaryFunction
    {
        y[0] = TFunction.Invoke(Vector256.Create(0f)).ToScalar();
        y[1] = TFunction.Invoke(Vector256.Create(-0f)).ToScalar();
        y[2] = TFunction.Invoke(Vector256.Create(0.25f)).ToScalar();
        y[3] = TFunction.Invoke(Vector256.Create(-0.75f)).ToScalar();
        y[4] = TFunction.Invoke(Vector256.Create(1f)).ToScalar();
        y[5] = TFunction.Invoke(Vector256.Create(-1f)).ToScalar();
        y[6] = TFunction.Invoke(Vector256.Create(1.1f)).ToScalar();
        y[7] = TFunction.Invoke(Vector256.Create(-2f)).ToScalar();
        y[8] = TFunction.Invoke(Vector256.Create(3f)).ToScalar();
        y[9] = TFunction.Invoke(Vector256.Create(20f)).ToScalar();
        y[10] = TFunction.Invoke(Vector256.Create(-50f)).ToScalar();
        y[11] = TFunction.Invoke(Vector256.Create(100f)).ToScalar();
        y[12] = TFunction.Invoke(Vector256.Create(float.PositiveInfinity)).ToScalar();
        y[13] = TFunction.Invoke(Vector256.Create(float.NegativeInfinity)).ToScalar();
        y[14] = TFunction.Invoke(Vector256.Create(float.NaN)).ToScalar();
        y[15] = TFunction.Invoke(Vector256.Create(1e-40f)).ToScalar();
    }
}
