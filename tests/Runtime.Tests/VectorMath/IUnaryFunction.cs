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
}
