using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators;

public sealed class ArgMaxTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TakesEveryShape(int last) => ArgCheck.Shapes("ArgMax", last);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void BreaksTiesAndPassesOverNaN(int last, long expected) => ArgCheck.Row("ArgMax", [1, 9, 9, float.NaN, 4, 1], last, expected);

    [Fact]
    public void RefusesAnEmptyAxis() => ArgCheck.RefusesAnEmptyAxis("ArgMax");
}
