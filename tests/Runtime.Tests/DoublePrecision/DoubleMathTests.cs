using System;
using System.Collections.Generic;
using AotCompiler.Runtime;
using Shouldly;

namespace AotCompiler.Runtime.Tests.DoublePrecision;

public sealed class DoubleMathTests
{
    // Abramowitz and Stegun, table 7.1, to the digits of f64.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(-1, -0.8427007929497149)]
    [InlineData(1.9999, 0.9953201979070294)]
    [InlineData(2, 0.9953222650189527)]
    [InlineData(3, 0.9999779095030014)]
    [InlineData(7, 1)]
    [InlineData(double.NegativeInfinity, -1)]
    public void ErfIsExact(double x, double expected) => DoubleMath.Erf(x).ShouldBe(expected, 1e-15);

    [Fact]
    public void ErfOfNoNumberIsNone() => double.IsNaN(DoubleMath.Erf(double.NaN)).ShouldBeTrue();

    // The system's C library is within one unit of the exact value, so that the bounds are one more than those documented.
    [Theory]
    [InlineData("Exp", -760, 720, 3)]
    [InlineData("Exp", -1, 1, 3)]
    [InlineData("Sinh", -720, 720, 4)]
    [InlineData("Sinh", -2, 2, 4)]
    [InlineData("Cosh", -720, 720, 4)]
    [InlineData("Cosh", -2, 2, 4)]
    [InlineData("Tanh", -25, 25, 4)]
    [InlineData("Tanh", -1, 1, 4)]
    [InlineData("Log", 0, 1e10, 3)]
    [InlineData("Log", 0.5, 2, 3)]
    [InlineData("Asinh", -1e10, 1e10, 4)]
    [InlineData("Asinh", -3, 3, 4)]
    [InlineData("Acosh", 0.9, 3, 4)]
    [InlineData("Acosh", 1, 1e12, 4)]
    [InlineData("Atanh", -1.01, 1.01, 4)]
    [InlineData("Sin", -10, 10, 3)]
    [InlineData("Sin", -1e6, 1e6, 3)]
    [InlineData("Sin", -1e300, 1e300, 3)]
    [InlineData("Cos", -10, 10, 3)]
    [InlineData("Cos", -1e8, 1e8, 3)]
    [InlineData("Tan", -10, 10, 4)]
    [InlineData("Tan", -1e20, 1e20, 4)]
    [InlineData("Atan", -10, 10, 3)]
    [InlineData("Atan", -1e10, 1e10, 3)]
    [InlineData("Asin", -1.01, 1.01, 3)]
    [InlineData("Acos", -1.01, 1.01, 3)]
    public void Is_near_the_exact_value(string name, double low, double high, double bound)
    {
        (Func<double, double> actual, Func<double, double> expected) = _functions[name];
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            double x = low + ((high - low) * random.NextDouble());
            Error(actual(x), expected(x)).ShouldBeLessThanOrEqualTo(bound, $"{name}({x:R})");
            x *= Math.Pow(2, -60 * random.NextDouble());
            Error(actual(x), expected(x)).ShouldBeLessThanOrEqualTo(bound, $"{name}({x:R})");
        }
    }

    [Fact]
    public void Has_the_special_values()
    {
        double[] points = [0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 5e-324, -5e-324, 1e-310, 1e300, -1e300, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        foreach ((string name, (Func<double, double> actual, Func<double, double> expected)) in _functions)
        {
            foreach (double x in points)
            {
                Error(actual(x), expected(x)).ShouldBeLessThanOrEqualTo(4, $"{name}({x:R})");
                (double.IsNaN(expected(x)) || double.IsNegative(actual(x)) == double.IsNegative(expected(x))).ShouldBeTrue($"sign of {name}({x:R})");
            }
        }
    }

    [Fact]
    public void Powers_are_near_the_exact_value()
    {
        var random = new Random(11);
        for (int i = 0; i < 100_000; i++)
        {
            double x = Math.Exp((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3)));
            double y = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-2, 5));
            Error(DoubleMath.Pow(x, y), Math.Pow(x, y)).ShouldBeLessThanOrEqualTo(2, $"{x:R} ^ {y:R}");
        }
    }

    [Fact]
    public void Powers_have_the_special_values()
    {
        double[] points = [0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1.5, -1.5, 5e-324, -5e-324, 1e300, -1e300, 9007199254740991, 9007199254740993, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        foreach (double x in points)
        {
            foreach (double y in points)
            {
                double expected = Math.Pow(x, y);
                double actual = DoubleMath.Pow(x, y);
                Error(actual, expected).ShouldBeLessThanOrEqualTo(1, $"{x:R} ^ {y:R}");
                (double.IsNaN(expected) || double.IsNegative(actual) == double.IsNegative(expected)).ShouldBeTrue($"sign of {x:R} ^ {y:R}");
            }
        }
    }

    private static readonly Dictionary<string, (Func<double, double> Actual, Func<double, double> Expected)> _functions = new()
    {
        ["Exp"] = (DoubleMath.Exp, Math.Exp),
        ["Sinh"] = (DoubleMath.Sinh, Math.Sinh),
        ["Cosh"] = (DoubleMath.Cosh, Math.Cosh),
        ["Tanh"] = (DoubleMath.Tanh, Math.Tanh),
        ["Log"] = (DoubleMath.Log, Math.Log),
        ["Asinh"] = (DoubleMath.Asinh, Math.Asinh),
        ["Acosh"] = (DoubleMath.Acosh, Math.Acosh),
        ["Atanh"] = (DoubleMath.Atanh, Math.Atanh),
        ["Sin"] = (DoubleMath.Sin, Math.Sin),
        ["Cos"] = (DoubleMath.Cos, Math.Cos),
        ["Tan"] = (DoubleMath.Tan, Math.Tan),
        ["Asin"] = (DoubleMath.Asin, Math.Asin),
        ["Acos"] = (DoubleMath.Acos, Math.Acos),
        ["Atan"] = (DoubleMath.Atan, Math.Atan),
    };

    /// <summary>Numbers between two doubles; 0 for two NaNs, infinity if only one is none.</summary>
    private static double Error(double actual, double expected) =>
        double.IsNaN(actual) || double.IsNaN(expected) ? (double.IsNaN(actual) == double.IsNaN(expected) ? 0 : double.PositiveInfinity)
        : Math.Abs((double)(Ordered(actual) - (Int128)Ordered(expected)));

    /// <summary>Whole numbers in the order of the doubles.</summary>
    private static long Ordered(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        return bits < 0 ? long.MinValue - bits : bits;
    }
}
