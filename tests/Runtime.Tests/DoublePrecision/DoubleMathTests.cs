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
}
