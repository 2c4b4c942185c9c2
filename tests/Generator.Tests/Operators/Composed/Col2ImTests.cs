using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class Col2ImTests
{
    [Fact]
    public void Adds_what_overlaps() => ScheduleCheck.Evaluate(
            new ModelBuilder(18).Input("x", OnnxDataType.Float, 1, 2, 3).Initializer("i", [1], 4L).Initializer("b", [1], 2L).Node("Col2Im", ["x", "i", "b"], ["y"]).Output("y"), ScheduleCheck.Counting(1, 2, 3))
        .Floats().ToArray().ShouldBe([0f, 4, 6, 5]);

    [Fact]
    public void With_strides_and_pads() => OperatorCheck.Run(new ModelBuilder(18)
        .Input("x", OnnxDataType.Float, 2, 12, 9).Initializer("i", [2], 6L, 6).Initializer("b", [2], 2L, 2)
        .Node("Col2Im", ["x", "i", "b"], ["y"], ("strides", new long[] { 2, 2 }), ("pads", new long[] { 0, 0, 0, 0 })).Output("y"));

    [Theory]
    [InlineData((int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.Bool)]
    public void AddsWholeNumbers(int type) => OperatorCheck.Run(
        new ModelBuilder(opset: 18)
            .Input("x", (OnnxDataType)type, 1, 4, 9)
            .Initializer("image", [2], 4L, 4L).Initializer("block", [2], 2L, 2L)
            .Node("Col2Im", ["x", "image", "block"], ["y"])
            .Output("y", (OnnxDataType)type),
        low: 0,
        high: 50);

    /// <summary>Blocks of 2×2 side by side; the last row of the image belongs to none.</summary>
    [Fact]
    public void MovesStrings() => CompiledModel.Compile(Strings(stride: 2, height: 5).ToBytes())
        .Run(Tensor.OfStrings(new Shape(1, 4, 4), ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3", "c0", "c1", "c2", "c3", "d0", "d1", "d2", "d3"]))[0].ToStrings().ShouldBe(
        ["a0", "b0", "a1", "b1", "c0", "d0", "c1", "d1", "a2", "b2", "a3", "b3", "c2", "d2", "c3", "d3", "", "", "", ""]);

    [Fact]
    public void RefusesStringsThatOverlap() => OperatorCheck.Fails(Strings(stride: 1, height: 3)).Message.ShouldContain("strings have no sum");

    private static ModelBuilder Strings(long stride, long height) => new ModelBuilder(opset: 18)
        .Input("x", OnnxDataType.String, 1, 4, stride == 1 ? 6 : 4)
        .Initializer("image", [2], height, 4L).Initializer("block", [2], 2L, 2L)
        .Node("Col2Im", ["x", "image", "block"], ["y"], ("strides", new[] { stride, stride }))
        .Output("y", OnnxDataType.String);
}
