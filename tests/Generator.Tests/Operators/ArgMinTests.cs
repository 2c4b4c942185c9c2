using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators;

public sealed class ArgMinTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TakesEveryShape(int last) => ArgCheck.Shapes("ArgMin", last);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 5)]
    public void BreaksTiesAndPassesOverNaN(int last, long expected) => ArgCheck.Row("ArgMin", [1, 9, 9, float.NaN, 4, 1], last, expected);

    [Fact]
    public void RefusesAnEmptyAxis() => ArgCheck.RefusesAnEmptyAxis("ArgMin");
}
