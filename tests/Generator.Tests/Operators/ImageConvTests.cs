using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Padded convolutions of a large image read it where it is, and copies of its edges.</summary>
public sealed class ImageConvTests
{
    [Theory]
    [InlineData(1, 3, 3, 1, 1, 1, 1, 1, 133, 141)]
    [InlineData(1, 3, 3, 2, 1, 0, 0, 1, 160, 128)]
    [InlineData(1, 3, 3, 2, 1, 1, 1, 1, 131, 139)]
    [InlineData(2, 1, 7, 2, 1, 3, 2, 3, 260, 231)]
    [InlineData(1, 4, 5, 3, 2, 4, 1, 5, 127, 110)]
    public void EdgesAreCopied(int batch, int channels, int kernel, int stride, int dilation, int before, int after, int beside, int height, int width)
    {
        ModelBuilder model = Model(batch, channels, height, width, 20, kernel, stride, dilation, [before, beside, after, beside]).Node("Relu", ["a"], ["y"]).Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        Image(model).ShouldBeTrue();
    }

    [Fact]
    public void CostlyFunctionsAndResiduals()
    {
        ModelBuilder model = Model(1, 3, 144, 150, 24, 3, 1, 1, [1, 1, 1, 1])
            .Input("z", OnnxDataType.Float, 1, 24, 144, 150)
            .Node("Sigmoid", ["a"], ["s"])
            .Node("Mul", ["a", "s"], ["m"])
            .Node("Add", ["m", "z"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        Image(model).ShouldBeTrue();
    }

    /// <summary>A small image, one that other nodes read, one that needs no padding, and one with windows in the padding alone.</summary>
    [Theory]
    [InlineData(60, 3, 1, false)]
    [InlineData(140, 3, 1, true)]
    [InlineData(140, 3, 0, false)]
    [InlineData(140, 1, 1, false)]
    public void OtherImagesAreReadWhole(int size, int kernel, int pad, bool isShared)
    {
        ModelBuilder model = Model(1, 3, size, size, 20, kernel, 1, 1, [pad, pad, pad, pad]).Output("a");
        OperatorCheck.Run(model, absolute: 1e-4);
        model = isShared ? model.Node("Relu", ["x"], ["z"]).Output("z") : model;
        Image(model).ShouldBeFalse();
    }

    /// <summary>True if the image is read by a convolution and by copies of parts of it.</summary>
    private static bool Image(ModelBuilder model)
    {
        var steps = ScheduleCheck.Steps(model).Where(static s => s.Reads.Any(static v => v.Storage is { Kind: StorageKind.Input, Name: "x" })).ToArray();
        return steps.OfType<ContractionStep>().Count() == 1 && steps.OfType<CopyStep>().Any();
    }

    private static ModelBuilder Model(int batch, int channels, int height, int width, int outputs, int kernel, int stride, int dilation, long[] pads) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, batch, channels, height, width)
        .Initializer("w", [outputs, channels, kernel, kernel], Weights.Random(outputs * channels * kernel * kernel, 1))
        .Initializer("b", [outputs], Weights.Random(outputs, 2))
        .Node("Conv", ["x", "w", "b"], ["a"], ("strides", new long[] { stride, stride }), ("dilations", new long[] { dilation, dilation }), ("pads", pads));
}
