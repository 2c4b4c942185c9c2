using System;
using System.Runtime.InteropServices;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Support;

/// <summary>Compares the outputs of processors that round differently: with and without fused multiply-add, in another order.</summary>
internal static class Tolerance
{
    private const float Relative = 2e-4f;
    private const float Absolute = 2e-5f;

    /// <summary>Both are 32-bit floats that are nearly the same.</summary>
    public static void ShouldBeNear(this byte[] actual, byte[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        ReadOnlySpan<float> a = MemoryMarshal.Cast<byte, float>(actual);
        ReadOnlySpan<float> e = MemoryMarshal.Cast<byte, float>(expected);
        for (int i = 0; i < a.Length; i++)
        {
            MathF.Abs(a[i] - e[i]).ShouldBeLessThanOrEqualTo(Absolute + (Relative * MathF.Abs(e[i])), $"element {i}: {a[i]}, expected {e[i]}");
        }
    }
}
