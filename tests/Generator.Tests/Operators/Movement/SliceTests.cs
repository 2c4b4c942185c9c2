using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class SliceTests
{
    [Theory]
    [InlineData(new long[] { 1 }, new long[] { 3 }, new long[] { 1 }, null)]
    [InlineData(new long[] { 1, 2 }, new long[] { 3, -1 }, null, null)]
    [InlineData(new long[] { -1 }, new long[] { long.MinValue }, new long[] { -1 }, new long[] { -1 })]
    [InlineData(new long[] { 6 }, new long[] { 0 }, new long[] { 2 }, new long[] { -2 })]
    [InlineData(new long[] { 0, 0 }, new long[] { long.MaxValue, long.MaxValue }, new long[] { 1, 2 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 100 }, new long[] { -100 }, new long[] { 0 }, new long[] { -3 })]
    [InlineData(new long[] { 3 }, new long[] { 3 }, new long[] { 2 }, null)]
    [InlineData(new long[] { 0 }, new long[] { 7 }, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(new long[] { -1 }, new long[] { long.MinValue }, new long[] { 2 }, new long[] { long.MinValue })]
    [InlineData(new long[] { }, new long[] { }, new long[] { }, null)]
    public void CutsF32(long[] starts, long[] ends, long[]? axes, long[]? steps) => OperatorCheck.Run(Model([4, 5, 7], starts, ends, axes, steps));

    [Fact]
    public void EvaluatesNegativeSteps() =>
        ScheduleCheck.Evaluate(Model([6], [4], [0], [0], [-2]), ScheduleCheck.Counting(6)).Floats().ToArray().ShouldBe([4f, 2f]);

    [Fact]
    public void EvaluatesAWholeReversal() =>
        ScheduleCheck.Evaluate(Model([4], [-1], [-5], [0], [-1]), ScheduleCheck.Counting(4)).Floats().ToArray().ShouldBe([3f, 2f, 1f, 0f]);

    [Fact]
    public void Opset1HasAttributes() => OperatorCheck.Run(new ModelBuilder(9)
        .Input("x", OnnxDataType.Int64, 4, 6)
        .Node("Slice", ["x"], ["y"], ("starts", new long[] { 1, -3 }), ("ends", new long[] { 3, 1000 }), ("axes", new long[] { 0, 1 }))
        .Output("y"));

    [Fact]
    public void IsAView() => ScheduleCheck.RunAndCountCopies(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4, 40)
        .Initializer("s", [1], 3L).Initializer("e", [1], 35L).Initializer("a", [1], 1L)
        .Node("Slice", ["x", "s", "e", "a"], ["t"])
        .Node("Relu", ["t"], ["y"])
        .Output("y")).ShouldBe(0);

    [Theory]
    [InlineData(new long[] { 16 }, new long[] { 40 }, new long[] { 1 }, new long[] { 1 })]
    [InlineData(new long[] { 0 }, new long[] { 20 }, new long[] { 1 }, new long[] { 1 })]
    [InlineData(new long[] { 1, 2 }, new long[] { 5, 6 }, new long[] { 2, 3 }, new long[] { 1, 1 })]
    [InlineData(new long[] { 5, 0 }, new long[] { -100, 6 }, new long[] { 2, 3 }, new long[] { -2, 2 })]
    [InlineData(new long[] { 1 }, new long[] { 2 }, new long[] { 0 }, new long[] { 1 })]
    public void StaysInChannelBlocks(long[] starts, long[] ends, long[] axes, long[] steps) => BlockedModels.Run(
        Bounds(BlockedModels.Start(48, 6, 7, batch: 2), starts, ends, axes, steps).Node("Slice", ["b", "s", "e", "a", "t"], ["r"]).Node("Relu", ["r"], ["y"]).Output("y"),
        "r");

    [Theory]
    [InlineData(new long[] { 3 }, new long[] { 40 }, new long[] { 1 }, new long[] { 1 })]
    [InlineData(new long[] { 0 }, new long[] { 40 }, new long[] { 1 }, new long[] { 3 })]
    public void CutsInsideBlocks(long[] starts, long[] ends, long[] axes, long[] steps) => OperatorCheck.Run(
        Bounds(BlockedModels.Start(48, 6, 7, batch: 2), starts, ends, axes, steps).Node("Slice", ["b", "s", "e", "a", "t"], ["r"]).Node("Relu", ["r"], ["y"]).Output("y"),
        relative: 1e-4,
        absolute: 1e-5);

    [Fact]
    public void RefusesAStepOfZero() => OperatorCheck.Fails(Model([4], [0], [4], [0], [0])).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesAnAxisTwice() => OperatorCheck.Fails(Model([4], [0, 0], [4, 4], [0, -1], null)).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesAxesKnownAtRunTime() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4)
        .Input("s", OnnxDataType.Int64, 1)
        .Node("Slice", ["x", "s", "s", "s"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    /// <summary>Every second or third cell, as the run says, of an axis of the run.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void AStepOfTheRun(long step) => DataSizesCheck.Check(
        new ModelBuilder().Input("x", OnnxDataType.Float, 2, 13).Input("t", OnnxDataType.Int64, 1)
            .Initializer("s", [1], 1L).Initializer("e", [1], 12L).Initializer("a", [1], 1L)
            .Node("Slice", ["x", "s", "e", "a", "t"], ["r"]).Node("Exp", ["r"], ["y"]).Output("y"),
        "t.value=1..5",
        Tensor.Create(ElementType.Float32, new Shape(2, 13), Enumerable.Range(0, 26).Select(static i => i / 10f).ToArray()),
        DataSizesCheck.Ints(step));

    private static ModelBuilder Bounds(ModelBuilder model, long[] starts, long[] ends, long[] axes, long[] steps) => model
        .Initializer("s", [starts.Length], starts)
        .Initializer("e", [ends.Length], ends)
        .Initializer("a", [axes.Length], axes)
        .Initializer("t", [steps.Length], steps);

    private static ModelBuilder Model(long[] shape, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, shape)
            .Initializer("s", [starts.Length], starts)
            .Initializer("e", [ends.Length], ends);
        if (axes is not null)
        {
            model.Initializer("a", [axes.Length], axes);
        }

        if (steps is not null)
        {
            model.Initializer("t", [steps.Length], steps);
        }

        return model.Node("Slice", ["x", "s", "e", axes is null ? "" : "a", steps is null ? "" : "t"], ["y"]).Output("y");
    }
}
