using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class TileTests
{
    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 2 })]
    [InlineData(new long[] { 2, 3, 17 }, new long[] { 1, 3, 2 })]
    [InlineData(new long[] { 5 }, new long[] { 1 })]
    [InlineData(new long[] { 5 }, new long[] { 0 })]
    [InlineData(new long[] { 1, 40 }, new long[] { 3, 1 })]
    [InlineData(new long[] { }, new long[] { })]
    public void Repeats(long[] shape, long[] repeats)
    {
        OperatorCheck.Run(Model(OnnxDataType.Float, shape, repeats));
        OperatorCheck.Run(Model(OnnxDataType.Int64, shape, repeats));
        OperatorCheck.Run(Model(OnnxDataType.Bool, shape, repeats));
    }

    [Fact]
    public void Evaluates() => ScheduleCheck.Evaluate(Model(OnnxDataType.Float, [2], [2]), ScheduleCheck.Counting(2)).Floats().ToArray().ShouldBe([0f, 1f, 0f, 1f]);

    [Fact]
    public void StaysInChannelBlocks() => BlockedModels.Run(
        BlockedModels.Start(20, 5, 6)
            .Initializer("n", [4], 1L, 1L, 2L, 3L)
            .Node("Tile", ["b", "n"], ["r"])
            .Node("Relu", ["r"], ["y"])
            .Output("y"),
        "r");

    [Fact]
    public void Opset1HasTilesAndAxis() => OperatorCheck.Run(new ModelBuilder(5, irVersion: 3)
        .Input("x", OnnxDataType.Float, 2, 3)
        .Initializer("t", [], 3f)
        .Initializer("a", [], 1f)
        .Node("Tile", ["x", "t", "a"], ["y"])
        .Output("y"));

    [Theory]
    [InlineData(new long[] { 2 })]
    [InlineData(new long[] { 2, -1 })]
    [InlineData(new long[] { 1L << 31, 1L << 31 })]
    public void RefusesBadRepeats(long[] repeats) =>
        OperatorCheck.Fails(Model(OnnxDataType.Float, [2, 3], repeats)).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model(OnnxDataType type, long[] shape, long[] repeats) => new ModelBuilder()
        .Input("x", type, shape)
        .Initializer("n", [repeats.Length], repeats)
        .Node("Tile", ["x", "n"], ["y"])
        .Output("y");
}
