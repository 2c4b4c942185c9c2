using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReduceSumTests
{
    [Fact]
    public void RefusesAxesThatAreNoIntegersEvenIfThereAreNone() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3)
        .Initializer("axes", [0], System.Array.Empty<float>())
        .Node("ReduceSum", ["x", "axes"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(600)]
    public void RepeatedRowsCountEachTime(int repeats) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 35)
            .Initializer("shape", [2], (long)repeats, 35L)
            .Initializer("axes", [1], 0L)
            .Node("Expand", ["x", "shape"], ["e"])
            .Node("ReduceSum", ["e", "axes"], ["y"])
            .Output("y"),
        relative: 1e-4,
        absolute: 1e-4);

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(600)]
    public void ReversedRowsAreSummed(int rows) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, rows, 35)
            .Initializer("from", [1], -1L)
            .Initializer("to", [1], long.MinValue)
            .Initializer("axis", [1], 0L)
            .Node("Slice", ["x", "from", "to", "axis", "from"], ["s"])
            .Node("ReduceSum", ["s", "axis"], ["y"])
            .Output("y"),
        relative: 1e-4,
        absolute: 1e-4);

    [Fact]
    public void ReducesEveryShape() => ReduceChecks.Shapes("ReduceSum");

    [Fact]
    public void TakesOtherTypes() => ReduceChecks.Types("ReduceSum", OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.UInt32, OnnxDataType.UInt64, OnnxDataType.Int8, OnnxDataType.UInt8);

    [Fact]
    public void HasTheDefinedValue() => ReduceChecks.Rows("ReduceSum", [1f, 2f, 4f])[0].ShouldBe(7f);

    [Fact]
    public void ReducesNothing() => ReduceChecks.Empty("ReduceSum").ShouldBe(0f);

    [Theory]
    [InlineData(11)]
    [InlineData(20)]
    public void LeavesAloneOnRequest(int opset) => OperatorCheck.Run(new ModelBuilder(opset)
        .Input("x", OnnxDataType.Float, 3, 5)
        .Node("ReduceSum", ["x"], ["y"], ("noop_with_empty_axes", opset >= 13 ? 1 : 0), ("keepdims", 0))
        .Output("y"));

    [Fact]
    public void KeepsSmallErrorsInLongSums()
    {
        // 0.1f is no binary fraction: one f32 accumulator would drift by about 1 % over a million elements.
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1 << 20)
            .Input("c", OnnxDataType.Float, 1 << 18, 5)
            .Initializer("axes", [1], 0L)
            .Node("ReduceSum", ["x"], ["y"])
            .Node("ReduceSum", ["c", "axes"], ["z"])
            .Output("y")
            .Output("z");
        OperatorCheck.Run(model, low: 0.1f, high: 0.1f);
    }

    [Fact]
    public void RefusesWhatItCannotDo()
    {
        Refuses(OnnxDataType.Bool, 0).ShouldBe(DiagnosticCodes.TypeUnsupported);
        Refuses(OnnxDataType.Float, 2).ShouldBe(DiagnosticCodes.ShapeMismatch);
        Refuses(OnnxDataType.Float, 0, -2).ShouldBe(DiagnosticCodes.ShapeMismatch);
        OperatorCheck.Fails(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 5)
            .Input("axes", OnnxDataType.Int64, 1)
            .Node("ReduceSum", ["x", "axes"], ["y"])
            .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);
    }

    private static string Refuses(OnnxDataType type, params long[] axes) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", type, 3, 5)
        .Initializer("axes", [axes.Length], axes)
        .Node("ReduceSum", ["x", "axes"], ["y"])
        .Output("y")).Code;
}
