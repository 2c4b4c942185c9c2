using System;
using AotCompiler.Runtime;
using Shouldly;

namespace AotCompiler.Runtime.Tests.Arithmetic;

public sealed class ScalarMathTests
{
    [Fact]
    public void RemainderF32HasTheBitsOfTheLanguageOperator()
    {
        var random = new Random(1);
        for (int i = 0; i < 1_000_000; i++)
        {
            float x = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            float y = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            AssertSame(ScalarMath.Remainder(x, y), x % y, x, y);
        }
    }

    [Fact]
    public void RemainderF64HasTheBitsOfTheLanguageOperator()
    {
        var random = new Random(2);
        for (int i = 0; i < 100_000; i++)
        {
            double x = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            double y = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            AssertSame(ScalarMath.Remainder(x, y), x % y, x, y);
        }
    }

    [Fact]
    public void RemainderAtTheEndsOfTheType()
    {
        float[] ends = [0, -0f, 1, -1, 3, float.Epsilon, -float.Epsilon, 1e-40f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        foreach (float x in ends)
        {
            foreach (float y in ends)
            {
                AssertSame(ScalarMath.Remainder(x, y), x % y, x, y);
                AssertSame(ScalarMath.Remainder((double)x, (double)y), (double)x % y, x, y);
            }
        }
    }

    [Theory]
    [InlineData(7, 2, 3, 1, 1)]
    [InlineData(-7, 2, -3, -1, 1)]
    [InlineData(7, -2, -3, 1, -1)]
    [InlineData(-7, -2, 3, -1, -1)]
    [InlineData(7, 0, 0, 0, 0)]
    [InlineData(long.MinValue, -1, long.MinValue, 0, 0)]
    public void IntegerDivisionIsDefinedEverywhere(long x, long y, long quotient, long remainder, long modulo)
    {
        ScalarMath.Divide(x, y).ShouldBe(quotient);
        ScalarMath.Remainder(x, y).ShouldBe(remainder);
        ScalarMath.Modulo(x, y).ShouldBe(modulo);
    }

    [Theory]
    [InlineData(2, 10, 1024)]
    [InlineData(-3, 3, -27)]
    [InlineData(0, 0, 1)]
    [InlineData(3, -1, 0)]
    [InlineData(1, -5, 1)]
    [InlineData(-1, -5, -1)]
    [InlineData(-1, long.MinValue, 1)]
    [InlineData(2, 64, 0)]
    public void PowerWraps(long x, long exponent, long power) => ScalarMath.Power(x, exponent).ShouldBe(power);

    // The sign of a zero counts, the payload of NaN does not.
    private static void AssertSame(double actual, double expected, double x, double y)
    {
        bool same = double.IsNaN(expected) ? double.IsNaN(actual) : BitConverter.DoubleToInt64Bits(actual) == BitConverter.DoubleToInt64Bits(expected);
        same.ShouldBeTrue(same ? null : $"{x:R} mod {y:R} is {actual:R}, expected {expected:R}");
    }
}
