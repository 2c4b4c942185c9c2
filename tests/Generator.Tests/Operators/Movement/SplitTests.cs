using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class SplitTests
{
    [Fact]
    public void SplitsEvenly() => OperatorCheck.Run(new ModelBuilder(13)
        .Input("x", OnnxDataType.Float, 2, 6, 5)
        .Node("Split", ["x"], ["a", "b", "c"], ("axis", 1))
        .Output("a").Output("b").Output("c"));

    [Fact]
    public void TheLastPartMayBeSmaller() => OperatorCheck.Run(new ModelBuilder(18)
        .Input("x", OnnxDataType.Float, 2, 7)
        .Node("Split", ["x"], ["a", "b", "c"], ("axis", -1), ("num_outputs", 3))
        .Output("a").Output("b").Output("c"));

    [Fact]
    public void TakesSizes() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Int32, 9, 2)
        .Initializer("s", [3], 2L, 0L, 7L)
        .Node("Split", ["x", "s"], ["a", "b", "c"])
        .Output("a").Output("b").Output("c"));

    [Fact]
    public void Opset2HasSizesAsAttribute() => OperatorCheck.Run(new ModelBuilder(11)
        .Input("x", OnnxDataType.Float, 3, 5)
        .Node("Split", ["x"], ["a", "b"], ("axis", 1), ("split", new long[] { 4, 1 }))
        .Output("a").Output("b"));

    [Fact]
    public void UnusedOutputsCostNothing() => ScheduleCheck.RunAndCountCopies(new ModelBuilder(13)
        .Input("x", OnnxDataType.Float, 2, 32)
        .Node("Split", ["x"], ["a", ""], ("axis", 1))
        .Node("Relu", ["a"], ["y"])
        .Output("y")).ShouldBe(0);

    [Fact]
    public void StaysInChannelBlocks() => BlockedModels.Run(
        BlockedModels.Start(40, 5, 6)
            .Initializer("s", [3], 16L, 16L, 8L)
            .Node("Split", ["b", "s"], ["p", "q", "r"], ("axis", 1))
            .Node("Relu", ["r"], ["y"])
            .Node("Relu", ["q"], ["z"])
            .Output("y").Output("z").Output("p"),
        "p q r");

    [Theory]
    [InlineData(4, 5)]
    [InlineData(-1, 11)]
    public void RefusesSizesThatDoNotFit(long first, long second) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 10)
        .Initializer("s", [2], first, second)
        .Node("Split", ["x", "s"], ["a", "b"])
        .Output("a")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesUnequalParts() => OperatorCheck.Fails(new ModelBuilder(13)
        .Input("x", OnnxDataType.Float, 10)
        .Node("Split", ["x"], ["a", "b", "c"])
        .Output("a")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void TheFirstVersionTakesSizesOfTheDataType() => OperatorCheck.Run(new ModelBuilder(opset: 1)
        .Input("x", OnnxDataType.Float, 5, 2).Initializer("sizes", [2], 2f, 3f)
        .Node("Split", ["x", "sizes"], ["y", "z"], ("axis", 0)).Output("y").Output("z"));

    [Fact]
    public void AnEmptyAxisHasEmptyPartsWhateverTheDataSay()
    {
        byte[] model = new ModelBuilder(opset: 18).Input("x", OnnxDataType.Float, 0, 2).Input("sizes", OnnxDataType.Int64, 2)
            .Node("Split", ["x", "sizes"], ["y", "z"]).Output("y").Output("z").ToBytes();
        OperatorCheck.RunOn(model, [Tensor.Create(ElementType.Float32, new Shape(0, 2), System.Array.Empty<float>()), Tensor.Vector(0, 0)]);
    }

    /// <summary>The last part is what is left of an axis of the run: 6 are 2, 2, 2 and 7 are 3, 3, 1.</summary>
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(1, 2)]
    public void IntoPartsOfAnAxisOfTheRun(int axis, int parts)
    {
        string[] names = [.. Enumerable.Range(0, parts).Select(static i => $"y{i}")];
        ModelBuilder model = new ModelBuilder(18).Input("x", OnnxDataType.Float, axis == 0 ? ["n", 3] : [3, "n"]).Node("Split", ["x"], names, ("axis", axis), ("num_outputs", parts));
        foreach (string name in names)
        {
            model.Node("Neg", [name], [$"{name}n"]).Output($"{name}n").Output(name);
        }

        RunTimeSizesCheck.Run(model, "n=5..13", ["n=5", "n=6", "n=7", "n=8", "n=10", "n=13"]);
    }
}
