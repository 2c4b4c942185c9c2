using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class PadFoldingTests
{
    [Theory]
    [InlineData("Conv", 0f, "NOTSET", 0, "Conv")]
    [InlineData("Conv", 0f, "VALID", 0, "Conv")]
    [InlineData("Conv", 0f, "SAME_UPPER", 0, "Pad, Conv")]
    [InlineData("Conv", 1f, "NOTSET", 0, "Pad, Conv")]
    [InlineData("Conv", 0f, "NOTSET", 1, "Pad, Conv")]
    [InlineData("MaxPool", float.NegativeInfinity, "NOTSET", 0, "MaxPool")]
    [InlineData("MaxPool", 0f, "NOTSET", 0, "Pad, MaxPool")]
    [InlineData("AveragePool", 0f, "NOTSET", 0, "AveragePool")]
    [InlineData("AveragePool", 2f, "NOTSET", 0, "Pad, AveragePool")]
    public void MovesPaddingIntoTheWindow(string op, float value, string autoPad, int channelPad, string expected)
    {
        var model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 2, 5, 6)
            .Initializer("pads", [8], 0L, channelPad, 1L, 2L, 0L, 0L, 0L, 1L)
            .Initializer("value", [], value)
            .Initializer("w", [1, 2 + channelPad, 3, 3], Enumerable.Range(0, (2 + channelPad) * 9).Select(static i => i - 7f).ToArray())
            .Node("Pad", ["x", "pads", "value"], ["a"]);
        if (op == "Conv")
        {
            model.Node(op, ["a", "w"], ["y"], ("auto_pad", autoPad), ("strides", new long[] { 2, 1 }));
        }
        else
        {
            model.Node(op, ["a"], ["y"], ("auto_pad", autoPad), ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 1, 2 }));
        }

        PassCheck.Operators(PassCheck.Run(model.Output("y"), new PadFolding(), new DeadCode())).ShouldBe(expected);
    }

    [Fact]
    public void KeepsAPadWhoseZerosAnAverageWouldNotCount() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 2, 5, 6)
            .Initializer("pads", [4], 1L, 1L, 1L, 1L)
            .Initializer("zero", [], 0f)
            .Initializer("axes", [2], 2L, 3L)
            .Node("Pad", ["x", "pads", "zero", "axes"], ["a"])
            .Node("AveragePool", ["a"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y"),
        new PadFolding())).ShouldBe("Pad, AveragePool");
}
