using System;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Selection;

public sealed class TopKTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void PicksTheBest(int largest)
    {
        var model = new ModelBuilder();
        (long[] Shape, long Axis, long K)[] cases = [([1], 0, 1), ([9], 0, 9), ([3, 57], 1, 5), ([3, 57], 0, 2), ([2, 40, 3], 1, 17), ([2, 6], -1, 0)];
        for (int i = 0; i < cases.Length; i++)
        {
            model.Input($"x{i}", OnnxDataType.Float, cases[i].Shape)
                .Initializer($"k{i}", [1], cases[i].K)
                .Node("Floor", [$"x{i}"], [$"f{i}"])
                .Node("TopK", [$"f{i}", $"k{i}"], [$"y{i}", $"at{i}"], ("axis", cases[i].Axis), ("largest", largest))
                .Output($"y{i}").Output($"at{i}");
        }

        foreach (OnnxDataType type in new[] { OnnxDataType.Double, OnnxDataType.UInt8, OnnxDataType.Int64, OnnxDataType.UInt64 })
        {
            model.Input($"x{type}", type, 4, 33).Node("TopK", [$"x{type}", "k2"], [$"y{type}", $"at{type}"], ("largest", largest)).Output($"y{type}").Output($"at{type}");
        }

        OperatorCheck.Run(model, low: 0, high: 20);
    }

    [Fact]
    public void ReadsTheAttributeOfOpset1AndLeavesOutPositions() => OperatorCheck.Run(new ModelBuilder(opset: 9)
        .Input("x", OnnxDataType.Float, 3, 8)
        .Node("TopK", ["x"], ["y"], ("k", 3), ("axis", 1))
        .Output("y"));

    [Fact]
    public void RefusesTooMany() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 2)
        .Initializer("k", [1], 3L)
        .Node("TopK", ["x", "k"], ["y", "at"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    public void ANumberOfTheRun(int k)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 8)
            .Input("k", OnnxDataType.Int64, 1)
            .Node("TopK", ["x", "k"], ["y", "at"], ("axis", 1))
            .Node("Neg", ["y"], ["n"])
            .Output("n").Output("at");
        byte[] bytes = model.ToBytes();
        Tensor x = OperatorCheck.RandomTensor(OperatorCheck.Import(bytes).Inputs[0], new Random(1));
        OperatorCheck.RunOn(bytes, [x, Tensor.Vector(k)]);
    }

    [Fact]
    public void ANumberOfTheRunThatIsTooLargeEndsTheRun()
    {
        CompiledModel compiled = CompiledModel.Compile(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 8)
            .Input("k", OnnxDataType.Int64, 1)
            .Node("TopK", ["x", "k"], ["y", "at"], ("axis", 1))
            .Output("y").ToBytes());
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.RunAt([], Tensor.FromBytes(ElementType.Float32, new Shape(3, 8), new byte[96], "x"), Tensor.Vector(9)));
    }

    /// <summary>As exporters limit k: by the number of candidates, which is found in the data.</summary>
    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.3f)]
    [InlineData(1f)]
    public void TheSmallerOfALimitAndACount(float share) => NonZeroTests.RunOnShare(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 60)
            .Initializer("zero", [1], 0L)
            .Initializer("limit", [1], 10L)
            .Node("NonZero", ["x"], ["at"])
            .Node("Squeeze", ["at", "zero"], ["index"])
            .Node("Gather", ["x", "index"], ["scores"])
            .Node("Shape", ["scores"], ["count"])
            .Node("Min", ["count", "limit"], ["k"])
            .Node("TopK", ["scores", "k"], ["best", "order"])
            .Node("Gather", ["index", "order"], ["where"])
            .Output("best").Output("where"),
        share);
}
