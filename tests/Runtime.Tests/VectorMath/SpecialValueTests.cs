using System;
using System.Collections.Generic;
using System.Linq;
using Shouldly;

namespace AotCompiler.Runtime.Tests;

/// <summary>Infinities, NaN, signed zeros, denormals and the edges of each function's range, in every width.</summary>
public sealed class SpecialValueTests
{
    private const float Inf = float.PositiveInfinity;
    private const float NaN = float.NaN;
    private const float Tiny = float.Epsilon;
    private const float Max = float.MaxValue;

    private static readonly (string Function, float X, float Expected)[] Table =
    [
        ("Exp", 0, 1), ("Exp", -0f, 1), ("Exp", Inf, Inf), ("Exp", -Inf, 0), ("Exp", Max, Inf), ("Exp", -Max, 0),
        ("Exp", Tiny, 1), ("Exp", 88.72284f, Inf), ("Exp", 88.72283f, 3.4027985e38f), ("Exp", -103.9f, Tiny), ("Exp", -104f, 0),
        ("Expm1", 0, 0), ("Expm1", -0f, -0f), ("Expm1", Tiny, Tiny), ("Expm1", -Tiny, -Tiny), ("Expm1", Inf, Inf), ("Expm1", -Inf, -1),
        ("Expm1", Max, Inf), ("Expm1", -Max, -1),
        ("Log", 1, 0), ("Log", 0, -Inf), ("Log", -0f, -Inf), ("Log", Inf, Inf), ("Log", -Inf, NaN), ("Log", -1, NaN), ("Log", -Tiny, NaN),
        ("Log", Tiny, -103.27893f), ("Log", Max, 88.72284f),
        ("Log1p", 0, 0), ("Log1p", -0f, -0f), ("Log1p", Tiny, Tiny), ("Log1p", -Tiny, -Tiny), ("Log1p", -1, -Inf), ("Log1p", -1.5f, NaN),
        ("Log1p", Inf, Inf), ("Log1p", -Inf, NaN), ("Log1p", Max, 88.72284f),
        ("Sinh", 0, 0), ("Sinh", -0f, -0f), ("Sinh", Tiny, Tiny), ("Sinh", Inf, Inf), ("Sinh", -Inf, -Inf), ("Sinh", -Max, -Inf),
        ("Cosh", 0, 1), ("Cosh", -0f, 1), ("Cosh", Inf, Inf), ("Cosh", -Inf, Inf), ("Cosh", Max, Inf),
        ("Tanh", 0, 0), ("Tanh", -0f, -0f), ("Tanh", Tiny, Tiny), ("Tanh", -Tiny, -Tiny), ("Tanh", Inf, 1), ("Tanh", -Inf, -1), ("Tanh", Max, 1),
        ("Tanh", 10, 1),
        ("Asinh", 0, 0), ("Asinh", -0f, -0f), ("Asinh", Tiny, Tiny), ("Asinh", Inf, Inf), ("Asinh", -Inf, -Inf), ("Asinh", Max, 89.415985f),
        ("Acosh", 1, 0), ("Acosh", 0.5f, NaN), ("Acosh", -2, NaN), ("Acosh", -Inf, NaN), ("Acosh", Inf, Inf), ("Acosh", Max, 89.415985f),
        ("Atanh", 0, 0), ("Atanh", -0f, -0f), ("Atanh", Tiny, Tiny), ("Atanh", 1, Inf), ("Atanh", -1, -Inf), ("Atanh", 1.5f, NaN), ("Atanh", Inf, NaN),
        ("Sin", 0, 0), ("Sin", -0f, -0f), ("Sin", Tiny, Tiny), ("Sin", Inf, NaN), ("Sin", -Inf, NaN), ("Sin", Max, -0.5218765f),
        ("Cos", 0, 1), ("Cos", -0f, 1), ("Cos", Inf, NaN), ("Cos", -Inf, NaN), ("Cos", Max, 0.85302103f),
        ("Tan", 0, 0), ("Tan", -0f, -0f), ("Tan", Tiny, Tiny), ("Tan", Inf, NaN),
        ("Asin", 0, 0), ("Asin", -0f, -0f), ("Asin", 1, 1.5707964f), ("Asin", -1, -1.5707964f), ("Asin", 1.0000001f, NaN), ("Asin", -Inf, NaN),
        ("Acos", 1, 0), ("Acos", -1, 3.1415927f), ("Acos", 0, 1.5707964f), ("Acos", -0f, 1.5707964f), ("Acos", 1.0000001f, NaN), ("Acos", Inf, NaN),
        ("Atan", 0, 0), ("Atan", -0f, -0f), ("Atan", Tiny, Tiny), ("Atan", Inf, 1.5707964f), ("Atan", -Inf, -1.5707964f), ("Atan", 1, 0.7853982f),
        ("Erf", 0, 0), ("Erf", -0f, -0f), ("Erf", Tiny, Tiny), ("Erf", Inf, 1), ("Erf", -Inf, -1), ("Erf", 4, 1), ("Erf", -4, -1), ("Erf", Max, 1),
        ("Sigmoid", 0, 0.5f), ("Sigmoid", -0f, 0.5f), ("Sigmoid", Inf, 1), ("Sigmoid", -Inf, 0), ("Sigmoid", Max, 1), ("Sigmoid", -Max, 0),
        ("Silu", 0, 0), ("Silu", -0f, -0f), ("Silu", Inf, Inf), ("Silu", -Inf, -0f), ("Silu", Max, Max), ("Silu", -Max, -0f), ("Silu", Tiny, Tiny),
        ("Exp2OfNegative", 0, 1), ("Exp2OfNegative", 1, 0.5f), ("Exp2OfNegative", Inf, 0), ("Exp2OfNegative", -Max, 0), ("Exp2OfNegative", 126, 1.17549435e-38f),
        ("Gelu", 0, 0), ("Gelu", -0f, -0f), ("Gelu", Inf, Inf), ("Gelu", -Inf, -0f), ("Gelu", Max, Max), ("Gelu", -Max, -0f), ("Gelu", 10, 10),
        ("GeluTanh", 0, 0), ("GeluTanh", -0f, -0f), ("GeluTanh", Inf, Inf), ("GeluTanh", -Inf, -0f), ("GeluTanh", Max, Max),
        ("GeluTanh", -Max, -0f), ("GeluTanh", 10, 10),
        ("Softplus", 0, 0.6931472f), ("Softplus", Inf, Inf), ("Softplus", -Inf, 0), ("Softplus", Max, Max), ("Softplus", -Max, 0),
        ("Mish", 0, 0), ("Mish", -0f, -0f), ("Mish", Inf, Inf), ("Mish", -Inf, -0f), ("Mish", Max, Max), ("Mish", -Max, -0f),
        ("Selu", 0, 0), ("Selu", -0f, -0f), ("Selu", Inf, Inf), ("Selu", -Inf, -1.7580993f), ("Selu", -Max, -1.7580993f),
        ("EluHalf", 0, 0), ("EluHalf", -0f, -0f), ("EluHalf", Inf, Inf), ("EluHalf", -Inf, -0.5f),
    ];

    public static IEnumerable<object[]> Names => FunctionTable.All.Select(f => new object[] { f.Name });

    // x, y, x^y: C99 annex F.
    public static IEnumerable<object[]> Powers => new (float X, float Y, float Expected)[]
    {
        (NaN, 0, 1), (Inf, 0, 1), (0, -0f, 1), (1, NaN, 1), (1, Inf, 1), (1, -Inf, 1), (-1, Inf, 1), (-1, -Inf, 1),
        (NaN, 1, NaN), (2, NaN, NaN), (-1, NaN, NaN), (0, NaN, NaN), (-8, 1f / 3, NaN), (-Tiny, 0.5f, NaN), (-1, 0.5f, NaN),
        (0, 1, 0), (-0f, 1, -0f), (-0f, 3, -0f), (-0f, 2, 0), (-0f, 0.5f, 0), (0, -1, Inf), (-0f, -1, -Inf), (-0f, -2, Inf), (-0f, -0.5f, Inf),
        (0, Inf, 0), (0, -Inf, Inf), (-0f, Inf, 0), (0.5f, Inf, 0), (0.5f, -Inf, Inf), (-0.5f, Inf, 0), (2, Inf, Inf), (2, -Inf, 0), (-2, Inf, Inf),
        (Inf, 2, Inf), (Inf, -2, 0), (Inf, Inf, Inf), (Inf, -Inf, 0), (-Inf, 3, -Inf), (-Inf, 2, Inf), (-Inf, -3, -0f), (-Inf, -2, 0),
        (-Inf, 0.5f, Inf), (-Inf, -0.5f, 0), (-Inf, Inf, Inf), (-Inf, -Inf, 0),
        (-2, 3, -8), (-2, 2, 4), (-2, -3, -0.125f), (-1, 16777215, -1), (-1, 16777216, 1), (-1, 33554432, 1), (3, 4, 81), (10, -2, 0.01f),
        (2, 127, 1.7014118e38f), (2, 128, Inf), (-2, 129, -Inf), (2, -149, Tiny), (2, -151, 0), (-2, -151, -0f), (Tiny, 2, 0), (Tiny, -1, Inf),
        (Max, 2, Inf), (Max, Max, Inf), (0.5f, Max, 0), (Tiny, 1, Tiny), (4, 0.5f, 2),
    }.Select(row => new object[] { row.X, row.Y, row.Expected });

    [Theory]
    [MemberData(nameof(Names))]
    public void Special_values_are_right_in_every_width(string name)
    {
        FunctionCase function = FunctionTable.Get(name);
        IEnumerable<(float, float)> rows = Table.Where(row => row.Function == name).Select(row => (row.X, row.Expected));
        foreach ((float x, float expected) in rows.Append((NaN, NaN)).Append((-NaN, NaN)))
        {
            foreach ((string width, Kernel kernel) in Widths(function))
            {
                // Other lanes hold other values, so that a shortcut for equal lanes cannot hide.
                float[] input = Enumerable.Range(0, 16).Select(i => i == 5 ? x : i - 7.5f).ToArray();
                float[] output = new float[16];
                kernel(input, output);
                ShouldBeBits(output[5], expected, $"{name}({x:R}) in {width}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Powers))]
    public void Powers_follow_C99(float x, float y, float expected) => ShouldBeBits(VectorMath.Pow(x, y), expected, $"{x:R}^{y:R}");

    [Fact]
    public void Powers_of_random_pairs_are_within_their_bound()
    {
        var random = new Random(42);
        double worst = 0;
        for (int i = 0; i < 2_000_000; i++)
        {
            float x = BitConverter.Int32BitsToSingle(random.Next());
            float logarithm = (float)Math.Abs(Math.Log2(x));
            float y = (float)((random.NextDouble() - 0.5) * 310 / Math.Max(logarithm, 1e-6f));
            worst = Math.Max(worst, Ulp.Error(VectorMath.Pow(x, y), Math.Pow(x, y)));
        }

        worst.ShouldBeLessThanOrEqualTo(0.6);
    }

    [Theory]
    [InlineData(0.5f, 0, 1, 0)]
    [InlineData(1.5f, 1, 2, 2)]
    [InlineData(2.5f, 2, 3, 2)]
    [InlineData(-0.5f, -1, -0f, -0f)]
    [InlineData(-1.5f, -2, -1, -2)]
    [InlineData(1e10f, 1e10f, 1e10f, 1e10f)]
    [InlineData(-0f, -0f, -0f, -0f)]
    [InlineData(Inf, Inf, Inf, Inf)]
    [InlineData(NaN, NaN, NaN, NaN)]
    public void Roundings_are_exact(float x, float floor, float ceiling, float even)
    {
        ShouldBeBits(VectorMath.Floor(x), floor, "floor");
        ShouldBeBits(VectorMath.Ceiling(x), ceiling, "ceiling");
        ShouldBeBits(VectorMath.RoundHalfEven(x), even, "round");
    }

    private static IEnumerable<(string Width, Kernel Kernel)> Widths(FunctionCase f)
        => [("one float", f.Scalar), ("128 bits", f.Wide128), ("256 bits", f.Wide256), ("512 bits", f.Wide512)];

    // Exact for zeros, infinities and NaN; one unit for the rounded constants.
    private static void ShouldBeBits(float actual, float expected, string what)
    {
        if (float.IsNaN(expected))
        {
            float.IsNaN(actual).ShouldBeTrue($"{what} = {actual:R}");
        }
        else if (expected == 0 || float.IsInfinity(expected) || Math.Abs(expected) == 1)
        {
            BitConverter.SingleToInt32Bits(actual).ShouldBe(BitConverter.SingleToInt32Bits(expected), $"{what} = {actual:R}");
        }
        else
        {
            int distance = Math.Abs(BitConverter.SingleToInt32Bits(actual) - BitConverter.SingleToInt32Bits(expected));
            distance.ShouldBeLessThanOrEqualTo(1, $"{what} = {actual:R}, expected {expected:R}");
        }
    }
}
