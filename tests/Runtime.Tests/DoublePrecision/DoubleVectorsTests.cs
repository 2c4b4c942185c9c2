using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics;
using Shouldly;

namespace AotCompiler.Runtime.Tests.DoublePrecision;

/// <summary>Vectors of f64 give the bits of the plain functions, whose errors <see cref="DoubleMathTests"/> bounds.</summary>
public sealed unsafe class DoubleVectorsTests
{
    [Fact]
    public void ExpHasTheBitsOfThePlainFunction() =>
        SameBits(DoubleMath.Exp, DoubleMath.Exp, DoubleMath.Exp, DoubleMath.Exp, [.. Points(), 709.782712893384, 709.7827128933841, 709.7, 710, -708.3964185322641, -745.1332191019411, -745.1332191019412, -745.2, -746]);

    [Fact]
    public void TanhHasTheBitsOfThePlainFunction() => SameBits(DoubleMath.Tanh, DoubleMath.Tanh, DoubleMath.Tanh, DoubleMath.Tanh, [.. Points(), 22, -22, 21.999999999999996, 1e-9, 1.0000000000000002e-9, 0.9999999999999999, -0.9999999999999999]);

    [Fact]
    public void ExpIsNearTheExactValue()
    {
        double[] points = Points();
        foreach (double x in points)
        {
            double actual = DoubleMath.Exp(Vector512.Create(x))[3];
            double expected = Math.Exp(x);
            double unit = expected is 0 or double.PositiveInfinity || double.IsNaN(expected) ? 0 : Math.BitIncrement(expected) - expected;
            (actual.Equals(expected) || Math.Abs(actual - expected) <= 3 * unit).ShouldBeTrue($"e^{x:R} is {expected:R}, not {actual:R}");
        }
    }

    [Fact]
    public void SinglesAreWidenedAndRounded()
    {
        float[] singles = [0, -0f, 1.5f, float.Epsilon, float.MaxValue, float.NegativeInfinity, float.NaN, -3e-40f];
        double[] doubles = [1e-50, 1 + 1e-9, 3.4028235677973366e38, 1e300, -1.401298464324817e-45 / 2, double.NaN, -2.5, 0.1];
        var rounded = new float[8];
        var widened = new double[8];
        fixed (float* s = singles, r = rounded)
        fixed (double* d = doubles, w = widened)
        {
            foreach (int lanes in new[] { 2, 4, 8 })
            {
                for (int i = 0; i < 8; i += lanes)
                {
                    switch (lanes)
                    {
                        case 2:
                            Vector128.Store(DoubleStorage.Load128(s + i), w + i);
                            DoubleStorage.Store(Vector128.Load(d + i), r + i);
                            break;
                        case 4:
                            Vector256.Store(DoubleStorage.Load256(s + i), w + i);
                            DoubleStorage.Store(Vector256.Load(d + i), r + i);
                            break;
                        default:
                            Vector512.Store(DoubleStorage.Load512(s + i), w + i);
                            DoubleStorage.Store(Vector512.Load(d + i), r + i);
                            break;
                    }
                }

                widened.ShouldBe(singles.Select(static x => (double)x), $"{lanes} lanes");
                rounded.ShouldBe(doubles.Select(static x => (float)x), $"{lanes} lanes");
                Array.Clear(rounded);
                Array.Clear(widened);
            }
        }
    }

    private static void SameBits(
        Func<double, double> plain,
        Func<Vector128<double>, Vector128<double>> two,
        Func<Vector256<double>, Vector256<double>> four,
        Func<Vector512<double>, Vector512<double>> eight,
        double[] points)
    {
        var results = new double[8];
        foreach (double[] group in points.Chunk(8).Where(static g => g.Length == 8).Append([.. points.TakeLast(8)]))
        {
            IEnumerable<long> expected = group.Select(x => Bits(plain(x)));
            fixed (double* x = group, y = results)
            {
                for (int i = 0; i < 8; i += 2)
                {
                    Vector128.Store(two(Vector128.Load(x + i)), y + i);
                }

                results.Select(Bits).ShouldBe(expected);
                for (int i = 0; i < 8; i += 4)
                {
                    Vector256.Store(four(Vector256.Load(x + i)), y + i);
                }

                results.Select(Bits).ShouldBe(expected);
                Vector512.Store(eight(Vector512.Load(x)), y);
                results.Select(Bits).ShouldBe(expected);
            }
        }
    }

    /// <summary>The bits; one number for all NaN.</summary>
    private static long Bits(double x) => double.IsNaN(x) ? long.MaxValue : BitConverter.DoubleToInt64Bits(x);

    /// <summary>Special values, and numbers of all sizes and within the functions' ranges.</summary>
    private static double[] Points()
    {
        var random = new Random(5);
        List<double> points = [0, -0.0, 1, -1, 2, -2, 5e-324, -5e-324, 1e-310, -1e-310, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN, -double.NaN];
        for (int i = 0; i < 60_000; i++)
        {
            points.Add(BitConverter.Int64BitsToDouble(random.NextInt64()));
            points.Add(-BitConverter.Int64BitsToDouble(random.NextInt64()));
            points.Add((random.NextDouble() - 0.5) * 1500);
            points.Add((random.NextDouble() - 0.5) * 50);
            points.Add(-708 - (40 * random.NextDouble()));
            points.Add((random.NextDouble() - 0.5) * Math.Pow(2, -70 * random.NextDouble()));
        }

        return [.. points];
    }
}
