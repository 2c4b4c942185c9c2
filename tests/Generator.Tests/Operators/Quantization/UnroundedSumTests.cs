using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class UnroundedSumTests
{
    /// <summary>Half a step is a tie: with the result's odd zero point, it is rounded to the even code, as ONNX Runtime's kernel does.</summary>
    [Fact]
    public void TiesAreRoundedWithTheZeroPoint() => BinaryCodesCheck.Codes("QLinearAdd", [0, 0, 1, 255, 0], 1).ShouldBe([4, 4, 6, 255, 3]);

    [Fact]
    public void AllWidths() => BinaryCodesCheck.IsExactInAllWidths("QLinearAdd");
}
