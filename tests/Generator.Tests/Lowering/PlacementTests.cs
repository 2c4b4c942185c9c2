using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Lowering;

/// <summary>Values that are computed inside the buffer of a consumer cost no copy, and are right; others are copied, and are right too.</summary>
public sealed class PlacementTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void JoinedInputsAreComputedInPlace(int axis) => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Concat", ["a", "b"], ["c"], ("axis", axis))
        .Node("Tanh", ["c"], ["y"])
        .Output("y")).ShouldBe(0);

    [Fact]
    public void JoinsMayBeNestedAndBeAnOutput() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Concat", ["a", "b"], ["c"], ("axis", 1))
        .Node("Mul", ["x", "x"], ["d"])
        .Node("Concat", ["d", "c"], ["e"], ("axis", 1))
        .Node("Abs", ["x"], ["f"])
        .Node("Concat", ["e", "f"], ["y"], ("axis", 1))
        .Output("y")).ShouldBe(0);

    [Fact]
    public void AnInputThatIsAModelInputIsCopied() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Concat", ["x", "a"], ["y"], ("axis", 1))
        .Output("y")).ShouldBe(1);

    [Fact]
    public void TheSameValueTwiceIsCopied() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Concat", ["a", "b", "a"], ["y"], ("axis", 1))
        .Output("y")).ShouldBe(2);

    [Fact]
    public void AValueInTwoJoinsLiesInOne() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Concat", ["a", "b"], ["y"], ("axis", 1))
        .Node("Concat", ["b", "a"], ["z"], ("axis", 1))
        .Output("y").Output("z")).ShouldBe(2);

    [Fact]
    public void AnOutputInsideAJoinIsWrittenToTheCaller() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Concat", ["a", "b"], ["c"], ("axis", 1))
        .Node("Tanh", ["c"], ["y"])
        .Output("y").Output("a")).ShouldBe(1);

    [Fact]
    public void AValueIsReadWhereItWasPlaced() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Concat", ["a", "b"], ["c"], ("axis", 1))
        .Node("Add", ["a", "b"], ["d"])
        .Node("Concat", ["c", "d"], ["y"], ("axis", 1))
        .Output("y")).ShouldBe(0);

    [Fact]
    public void ReshapesBeforeJoinsCostNothing() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Initializer("s", [2], 2L, 60L)
        .Node("Reshape", ["a", "s"], ["r"])
        .Node("Flatten", ["b"], ["q"])
        .Node("Unsqueeze", ["r", "zero"], ["u"])
        .Node("Squeeze", ["u", "zero"], ["v"])
        .Node("Concat", ["v", "q"], ["y"], ("axis", 1))
        .Initializer("zero", [1], 0L)
        .Output("y")).ShouldBe(0);

    [Fact]
    public void TheSameValueUnderTwoShapesIsCopiedOnce() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Flatten", ["a"], ["p"])
        .Node("Flatten", ["a"], ["q"], ("axis", 1))
        .Node("Concat", ["p", "q"], ["y"], ("axis", 0))
        .Output("y")).ShouldBeLessThanOrEqualTo(2);

    [Fact]
    public void AReshapedOutputIsWrittenToTheCaller() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Node("Flatten", ["a"], ["y"])
        .Output("y")).ShouldBe(0);

    [Fact]
    public void EmptyInputsAreSkipped() => ScheduleCheck.RunAndCountCopies(TwoBranches()
        .Input("e", OnnxDataType.Float, 2, 0, 5)
        .Node("Concat", ["a", "e", "b"], ["y"], ("axis", 1))
        .Output("y")).ShouldBe(0);

    [Fact]
    public void AViewOfAPlacedValueJoinsAgain() => OperatorCheck.Run(TwoBranches()
        .Node("Transpose", ["a"], ["t"], ("perm", new long[] { 0, 2, 1 }))
        .Node("Transpose", ["t"], ["u"], ("perm", new long[] { 0, 2, 1 }))
        .Node("Concat", ["a", "u"], ["y"], ("axis", 1))
        .Output("y"));

    [Fact]
    public void BlockedJoinsShareTheHaloOfAnInnerConsumer()
    {
        // b is padded for the 3×3 convolution and lies inside the join, whose own consumer wants another halo.
        var weights3 = new float[32 * 32 * 9];
        var weights5 = new float[16 * 64 * 25];
        System.Array.Fill(weights3, 0.01f);
        System.Array.Fill(weights5, 0.002f);
        ModelBuilder model = BlockedModels.Start(32, 6, 7)
            .Initializer("w3", [32, 32, 3, 3], weights3)
            .Initializer("w5", [16, 64, 5, 5], weights5)
            .Node("Conv", ["b", "w3"], ["d"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Concat", ["b", "d"], ["c"], ("axis", 1))
            .Node("Conv", ["c", "w5"], ["y"], ("pads", new long[] { 2, 2, 2, 2 }))
            .Output("y");
        BlockedModels.Run(model, "b c d", absolute: 1e-4);
    }

    [Fact]
    public void BlockedJoinsOfOddChannelsFallBack()
    {
        ModelBuilder model = BlockedModels.Start(24, 5, 6).Node("Relu", ["b"], ["r"]).Node("Concat", ["b", "r", "x"], ["y"], ("axis", 1)).Output("y");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Fact]
    public void BlockedJoinsAlongPixels() => BlockedModels.Run(
        BlockedModels.Start(24, 5, 6).Node("Relu", ["b"], ["r"]).Node("Concat", ["b", "r"], ["c"], ("axis", 3)).Node("Relu", ["c"], ["y"]).Output("y"),
        "c");

    [Fact]
    public void ElementWiseWorkOnATransposedViewCopiesItForItsVectors() => ScheduleCheck.RunAndCountCopies(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 40, 50)
        .Node("Transpose", ["x"], ["t"])
        .Node("Tanh", ["t"], ["y"])
        .Output("y")).ShouldBe(1);

    private static ModelBuilder TwoBranches() => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 12, 5)
        .Node("Relu", ["x"], ["a"])
        .Node("Neg", ["x"], ["b"]);
}
