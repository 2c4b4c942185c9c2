using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ConvTransposeTests
{
    [Theory]
    [InlineData(20, 18, 2, 2, 0, 1, 1)]
    [InlineData(20, 18, 3, 2, 1, 1, 1)]
    [InlineData(3, 5, 3, 1, 1, 1, 1)]
    [InlineData(16, 16, 4, 3, 1, 1, 1)]
    [InlineData(16, 16, 3, 2, 1, 2, 1)]
    [InlineData(32, 32, 3, 2, 1, 1, 2)]
    [InlineData(6, 6, 3, 2, 1, 1, 3)]
    [InlineData(16, 16, 1, 2, 0, 1, 1)]
    public void TwoDimensional(int c, int m, int kernel, int stride, int pad, int dilation, int groups) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, c, 5, 7)
            .Initializer("w", [c, m / groups, kernel, kernel], Weights.Random(c * (m / groups) * kernel * kernel, 1))
            .Initializer("b", [m], Weights.Random(m, 2))
            .Node("ConvTranspose", ["x", "w", "b"], ["y"], ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }), ("dilations", new long[] { dilation, dilation }), ("group", groups))
            .Node("Relu", ["y"], ["z"])
            .Output("z"),
        absolute: 1e-4);

    [Theory]
    [InlineData("SAME_UPPER")]
    [InlineData("SAME_LOWER")]
    public void AutoPad(string autoPad) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4, 5, 6)
            .Initializer("w", [4, 17, 3, 3], Weights.Random(4 * 17 * 9, 1))
            .Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2, 2 }), ("auto_pad", autoPad))
            .Output("y"),
        absolute: 1e-4);

    [Fact]
    public void OutputShapeAndOutputPadding() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4, 5, 6)
            .Initializer("w", [4, 8, 3, 3], Weights.Random(4 * 8 * 9, 1))
            .Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2, 2 }), ("output_shape", new long[] { 10, 12 }), ("output_padding", new long[] { 1, 1 }))
            .Output("y"),
        absolute: 1e-4);

    [Fact]
    public void OneAndThreeDimensions() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4, 9)
            .Input("v", OnnxDataType.Float, 1, 2, 3, 4, 3)
            .Initializer("w", [4, 20, 4], Weights.Random(4 * 20 * 4, 1))
            .Initializer("u", [2, 3, 2, 3, 2], Weights.Random(2 * 3 * 12, 1))
            .Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2 }), ("pads", new long[] { 1, 1 }))
            .Node("ConvTranspose", ["v", "u"], ["z"], ("strides", new long[] { 2, 1, 2 }))
            .Output("y")
            .Output("z"),
        absolute: 1e-4);

    [Fact]
    public void WrongWeightsAreRefused() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 4, 5, 6)
        .Initializer("w", [3, 8, 3, 3], Weights.Random(3 * 8 * 9, 1))
        .Node("ConvTranspose", ["x", "w"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>Every phase computes the outputs of the run alone, of which a small picture may have none.</summary>
    [Theory]
    [InlineData(20, new long[] { 3, 4 }, new long[] { 2, 3 }, new long[] { 0, 1, 1, 0 })]
    [InlineData(1, new long[] { 9, 9 }, new long[] { 2, 2 }, new long[] { 4, 4, 3, 3 })]
    public void SizesOfTheRun(int outputs, long[] kernel, long[] strides, long[] pads) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 16, "height", "width"])
            .Initializer("w", [16, outputs, .. kernel], Weights.Random((int)(16 * outputs * kernel[0] * kernel[1]), 1))
            .Initializer("b", [outputs], Weights.Random(outputs, 2))
            .Node("ConvTranspose", ["x", "w", "b"], ["a"], ("strides", strides), ("pads", pads))
            .Node("Relu", ["a"], ["y"])
            .Output("y"),
        "height=1..9;width=1..21",
        ["height=1;width=1", "height=9;width=21", "height=4;width=13"],
        relative: 1e-4);

    /// <summary>Channels, groups' outputs and the kernel are those of the run.</summary>
    [Theory]
    [InlineData("NOTSET", 1)]
    [InlineData("SAME_UPPER", 1)]
    [InlineData("SAME_LOWER", 2)]
    [InlineData("VALID", 2)]
    public void AKernelOfTheRun(string pad, int group) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [2, "channels", "height", 5])
            .Input("w", OnnxDataType.Float, ["channels", "outputs", "kernel", 4])
            .Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2, 3 }), ("dilations", new long[] { 1, 2 }), ("auto_pad", pad), ("group", group))
            .Output("y"),
        "channels=2..8:2;height=1..7;outputs=1..3;kernel=2..5",
        ["channels=2;height=1;outputs=1;kernel=2", "channels=8;height=7;outputs=3;kernel=5", "channels=4;height=3;outputs=2;kernel=3"],
        relative: 1e-4);

    /// <summary>What is cut off before the output depends on the size of the input.</summary>
    [Theory]
    [InlineData("SAME_UPPER")]
    [InlineData("NOTSET")]
    public void AnOutputShapeForInputsOfTheRun(string pad) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 16, "height", 5])
            .Initializer("w", [16, 20, 3, 3], Weights.Random(16 * 20 * 9, 1))
            .Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2, 1 }), ("auto_pad", pad), ("output_shape", new long[] { 6, 5 }))
            .Output("y"),
        "height=2..7",
        ["height=2", "height=7", "height=4"],
        relative: 1e-4);
}
