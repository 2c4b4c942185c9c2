using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class PadTests
{
    [Theory]
    [InlineData("constant", new long[] { 0, 1, 2, 3, 0, 1, 1, 2 })]
    [InlineData("reflect", new long[] { 0, 1, 2, 3, 0, 1, 1, 2 })]
    [InlineData("edge", new long[] { 1, 0, 2, 9, 1, 0, 1, 2 })]
    [InlineData("wrap", new long[] { 0, 0, 2, 9, 0, 0, 1, 12 })]
    [InlineData("reflect", new long[] { 0, 0, 9, 0, 0, 0, 0, 11 })]
    [InlineData("constant", new long[] { 0, 0, -1, -2, 0, 0, -1, 3 })]
    [InlineData("edge", new long[] { 0, -1, -1, 2, 0, 0, 2, -2 })]
    [InlineData("constant", new long[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("constant", new long[] { 0, 0, -2, 0, 0, 0, -2, 0 })]
    public void PadsF32(string mode, long[] pads) => OperatorCheck.Run(Model(OnnxDataType.Float, [2, 3, 4, 5], pads, mode));

    /// <summary>Borders that are longer than the axis in some runs, in front, behind, and where both axes are the run's.</summary>
    [Theory]
    [InlineData("reflect", new long[] { 0, 1, 4, 0, 0, 9 })]
    [InlineData("wrap", new long[] { 2, 0, 4, 1, 0, 9 })]
    [InlineData("edge", new long[] { 2, 0, 4, 1, 0, 9 })]
    [InlineData("reflect", new long[] { 0, 0, 0, 0, 0, 1 })]
    public void RepeatsShortAxesMoreThanOnce(string mode, long[] pads) => RunTimeSizesCheck.Run(
        new ModelBuilder(19).Input("x", OnnxDataType.Float, ["n", 3, "w"]).Initializer("pads", [6], pads)
            .Node("Pad", ["x", "pads"], ["y"], ("mode", mode)).Output("y"),
        "n=1..3;w=1..9",
        ["n=1;w=1", "n=2;w=2", "n=3;w=5", "n=3;w=9"]);

    /// <summary>One side is cut off, the other repeats what is left.</summary>
    [Theory]
    [InlineData("reflect", new long[] { 0, -1, -2, 0, 0, 9 })]
    [InlineData("reflect", new long[] { 0, 0, 7, 0, 0, -2 })]
    [InlineData("wrap", new long[] { 2, 0, -2, 0, 0, 4 })]
    [InlineData("edge", new long[] { 0, 0, -2, 2, -1, 5 })]
    [InlineData("wrap", new long[] { 4, 0, -1, 0, -1, -1 })]
    [InlineData("constant", new long[] { 0, -1, -4, 0, 2, 9 })]
    public void CutsAndRepeats(string mode, long[] pads) => RunTimeSizesCheck.Run(
        new ModelBuilder(19).Input("x", OnnxDataType.Float, ["n", 3, "w"]).Initializer("pads", [6], pads)
            .Node("Pad", ["x", "pads"], ["y"], ("mode", mode)).Output("y"),
        "n=1..3;w=3..9",
        ["n=1;w=3", "n=2;w=4", "n=3;w=6", "n=3;w=9"]);

    /// <summary>How much is added is the run's too, as exporters do for multiples of a patch.</summary>
    [Theory]
    [InlineData("reflect")]
    [InlineData("wrap")]
    public void FillsUpToMultiples(string mode) => RunTimeSizesCheck.Run(
        new ModelBuilder(19).Input("x", OnnxDataType.Float, [2, "w"]).Initializer("eight", [1], 8L).Initializer("zeros", [3], [0L, 0, 0])
            .Node("Shape", ["x"], ["length"], ("start", 1)).Node("Neg", ["length"], ["less"]).Node("Mod", ["less", "eight"], ["missing"])
            .Node("Concat", ["zeros", "missing"], ["pads"], ("axis", 0)).Node("Pad", ["x", "pads"], ["y"], ("mode", mode)).Output("y"),
        "w=1..20",
        ["w=1", "w=3", "w=8", "w=13", "w=20"]);

    [Theory]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Bool)]
    public void PadsAnyType(int type)
    {
        OperatorCheck.Run(Model((OnnxDataType)type, [3, 4], [1, 2, 3, 1], "constant"));
        OperatorCheck.Run(Model((OnnxDataType)type, [3, 4], [1, 2, 2, 1], "reflect"));
    }

    [Fact]
    public void EvaluatesReflection() => ScheduleCheck.Evaluate(Model(OnnxDataType.Float, [3], [4, 5], "reflect"), ScheduleCheck.Counting(3))
        .Floats().ToArray().ShouldBe([0f, 1f, 2f, 1f, 0f, 1f, 2f, 1f, 0f, 1f, 2f, 1f]);

    [Fact]
    public void EvaluatesWrapping() => ScheduleCheck.Evaluate(Model(OnnxDataType.Float, [3], [2, 4], "wrap"), ScheduleCheck.Counting(3))
        .Floats().ToArray().ShouldBe([1f, 2f, 0f, 1f, 2f, 0f, 1f, 2f, 0f]);

    [Fact]
    public void TheValueMayBeKnownAtRunTime() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 4)
        .Input("v", OnnxDataType.Float)
        .Initializer("p", [4], 1L, 0L, 0L, 2L)
        .Node("Pad", ["x", "p", "v"], ["y"])
        .Output("y"));

    [Fact]
    public void TakesAxes() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 4, 5)
        .Initializer("p", [4], 1L, 0L, 3L, 2L)
        .Initializer("v", [], 1.5f)
        .Initializer("a", [2], -1L, 0L)
        .Node("Pad", ["x", "p", "v", "a"], ["y"])
        .Output("y"));

    [Theory]
    [InlineData(1, "paddings")]
    [InlineData(2, "pads")]
    public void OldOpsetsHaveAttributes(int opset, string name) => OperatorCheck.Run(new ModelBuilder(System.Math.Max(1, opset), irVersion: 3)
        .Input("x", OnnxDataType.Float, 3, 4)
        .Node("Pad", ["x"], ["y"], (name, new long[] { 1, 0, 2, 1 }), ("value", 2.5f))
        .Output("y"));

    [Theory]
    [InlineData("constant")]
    [InlineData("reflect")]
    public void StaysInChannelBlocks(string mode) => BlockedModels.Run(
        BlockedModels.Start(20, 5, 6)
            .Initializer("p", [8], 0L, 0L, 2L, 1L, 0L, 0L, 3L, 4L)
            .Node("Pad", ["b", "p"], ["r"], ("mode", mode))
            .Node("Relu", ["r"], ["y"])
            .Output("y"),
        "r");

    [Fact]
    public void RefusesToReflectNothing() =>
        OperatorCheck.Fails(Model(OnnxDataType.Float, [0, 4], [1, 0, 0, 0], "reflect")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Theory]
    [InlineData(new long[] { 1, 2 })]
    [InlineData(new long[] { -5, 0, 0, 0 })]
    [InlineData(new long[] { long.MaxValue, 0, 0, 0 })]
    [InlineData(new long[] { int.MaxValue, 0, int.MaxValue, 0 })]
    public void RefusesBadPads(long[] pads) =>
        OperatorCheck.Fails(Model(OnnxDataType.Float, [3, 4], pads, "constant")).Code.ShouldBeOneOf(DiagnosticCodes.ShapeMismatch, DiagnosticCodes.TooLarge);

    private static ModelBuilder Model(OnnxDataType type, long[] shape, long[] pads, string mode) => new ModelBuilder()
        .Input("x", type, shape)
        .Initializer("p", [pads.Length], pads)
        .Node("Pad", ["x", "p"], ["y"], ("mode", mode))
        .Output("y");
}
