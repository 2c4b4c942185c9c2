using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class KernelCroppingTests
{
    [Theory]
    [InlineData(3, 24, 24, 1, new[] { 1, 1 }, new long[] { 0, 0, 0, 0 })]
    [InlineData(3, 7, 7, 1, new[] { 1, 3 }, new long[] { 0, 7, 0, 7 })]
    [InlineData(5, 3, 6, 1, new[] { 5, 5 }, new long[] { 6, 6, 6, 6 })]
    [InlineData(5, 4, 8, 1, new[] { 3, 5 }, new long[] { 4, 8, 4, 8 })]
    [InlineData(3, 1, 1, 1, new[] { 3, 3 }, new long[] { 1, 1, 1, 1 })]
    [InlineData(3, 9, 9, 2, new[] { 1, 1 }, new long[] { 0, 0, 0, 0 })]
    public void TapsThatOnlyReadPaddingGo(int kernel, int dilation, int pad, int stride, int[] taps, long[] pads)
    {
        ModelBuilder model = Model(kernel, dilation, pad, stride, 7, 9);
        Graph graph = PassCheck.Run(model, new KernelCropping());
        graph.Nodes[0].Required(1).Shape.Dimensions.Skip(2).ShouldBe(taps);
        (graph.Nodes[0].Attributes.Ints("pads") ?? new long[4]).ShouldBe(pads);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>A window that starts inside the input keeps the taps before it: there is no negative padding.</summary>
    [Fact]
    public void ConvolutionsWithoutPaddingStay() =>
        PassCheck.Run(Model(2, 3, 0, 1, 7, 9), new KernelCropping()).Nodes[0].Required(1).Shape.Dimensions.Skip(2).ShouldBe([2, 2]);

    [Fact]
    public void WeightsOfRunTimeStay() => PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 2, 5, 5)
            .Input("w", OnnxDataType.Float, 2, 2, 3, 3)
            .Node("Conv", ["x", "w"], ["y"], ("dilations", new long[] { 9, 9 }), ("pads", new long[] { 9, 9, 9, 9 }))
            .Output("y"),
        new KernelCropping()).Nodes[0].Required(1).Shape.Dimensions.Skip(2).ShouldBe([3, 3]);

    private static ModelBuilder Model(int kernel, int dilation, int pad, int stride, int height, int width) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 3, height, width)
        .Initializer("w", [4, 3, kernel, kernel], Weights.Random(12 * kernel * kernel, 1))
        .Node(
            "Conv",
            ["x", "w"],
            ["y"],
            ("dilations", new long[] { dilation, dilation }),
            ("strides", new long[] { stride, stride }),
            ("pads", new long[] { pad, pad, pad, pad }))
        .Output("y");
}
