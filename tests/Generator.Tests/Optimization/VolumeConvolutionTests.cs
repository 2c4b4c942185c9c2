using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class VolumeConvolutionTests
{
    [Theory]
    [InlineData(6, 1, new long[] { 3, 3, 3 }, new long[] { 1, 1, 1 }, new long[] { 1, 1, 1 }, new long[] { 1, 1, 1, 1, 1, 1 })]
    [InlineData(6, 2, new long[] { 3, 1, 3 }, new long[] { 2, 1, 2 }, new long[] { 1, 1, 2 }, new long[] { 0, 0, 2, 1, 0, 1 })]
    [InlineData(32, 2, new long[] { 2, 3, 3 }, new long[] { 1, 2, 1 }, new long[] { 2, 1, 1 }, new long[] { 1, 1, 0, 1, 0, 1 })]
    [InlineData(6, 6, new long[] { 3, 3, 3 }, new long[] { 1, 1, 1 }, new long[] { 1, 1, 1 }, new long[] { 1, 1, 1, 1, 1, 1 })]
    [InlineData(4, 1, new long[] { 1, 3, 3 }, new long[] { 2, 1, 1 }, new long[] { 1, 1, 1 }, new long[] { 0, 1, 1, 0, 1, 1 })]
    [InlineData(4, 1, new long[] { 3, 1, 1 }, new long[] { 2, 1, 1 }, new long[] { 1, 1, 1 }, new long[] { 1, 0, 0, 1, 0, 0 })]
    [InlineData(4, 1, new long[] { 1, 1, 1 }, new long[] { 1, 1, 1 }, new long[] { 1, 1, 1 }, new long[] { 0, 0, 0, 0, 0, 0 })]
    public void VolumesRunAsPictures(int channels, int groups, long[] kernel, long[] strides, long[] dilations, long[] pads)
    {
        ModelBuilder model = Model(2, channels, groups, kernel, strides, dilations, pads);
        Node convolution = PassCheck.Run(model, new VolumeConvolution()).Nodes.Single(static n => n.Is("Conv"));
        convolution.Output.Shape.Rank.ShouldBe(4);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>Side by side, the channels that one output reads would meet those of the 15 others in its block.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 2, 2)]
    public void FiltersOfSingleChannelsRunSliceBySlice(int batch, int stride, int dilation)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, batch, 20, 5, 6, 7)
            .Initializer("w", [20, 1, 3, 3, 3], Weights.Random(20 * 27, 1))
            .Initializer("b", [20], Weights.Random(20, 2))
            .Node("Conv", ["x", "w", "b"], ["c"], ("group", 20L), ("strides", new long[] { stride, stride, 1 }), ("dilations", new long[] { dilation, 1, 1 }), ("pads", new long[] { 2, 1, 1, 2, 1, 1 }))
            .Node("Relu", ["c"], ["y"])
            .Output("y");
        Graph graph = PassCheck.Run(model, new VolumeConvolution());
        graph.Nodes.Count(static n => n.Is("Conv") && n.Required(0).Shape[1] == 20 && n.Attributes.Int("group", 1) == 20).ShouldBe(3);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>A kernel of one row and column needs no other order of the data.</summary>
    [Fact]
    public void KernelsAlongTheDepthMoveNothing() => PassCheck.Run(Model(1, 4, 1, [3, 1, 1], [1, 1, 1], [1, 1, 1], [1, 0, 0, 1, 0, 0]), new VolumeConvolution())
        .Nodes.Select(static n => n.Operator.Name).ShouldBe(["Reshape", "Conv", "Reshape"]);

    [Fact]
    public void SamePaddingStaysTheSame() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 3, 5, 4, 7)
            .Initializer("w", [4, 3, 2, 3, 2], Weights.Random(4 * 36, 1))
            .Node("Conv", ["x", "w"], ["c"], ("auto_pad", "SAME_LOWER"), ("strides", new long[] { 2, 1, 2 }))
            .Node("Relu", ["c"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    [Fact]
    public void OtherTypesAndWeightsOfRunTimeStay()
    {
        ModelBuilder wide = new ModelBuilder().Input("x", OnnxDataType.Double, 1, 2, 3, 4, 5).Initializer("w", [1, 2, 1, 1, 1], 1.0, 2.0).Node("Conv", ["x", "w"], ["y"]).Output("y");
        PassCheck.Run(wide, new VolumeConvolution()).Nodes.Count.ShouldBe(1);
        ModelBuilder given = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 2, 3, 4, 5).Input("w", OnnxDataType.Float, 1, 2, 1, 1, 1).Node("Conv", ["x", "w"], ["y"]).Output("y");
        PassCheck.Run(given, new VolumeConvolution()).Nodes.Count.ShouldBe(1);
    }

    private static ModelBuilder Model(int batch, int channels, int groups, long[] kernel, long[] strides, long[] dilations, long[] pads)
    {
        int outputs = 2 * channels;
        int weights = (int)(outputs * channels / groups * kernel.Aggregate(static (a, b) => a * b));
        return new ModelBuilder()
            .Input("x", OnnxDataType.Float, batch, channels, 5, 6, 7)
            .Initializer("w", [outputs, channels / groups, .. kernel], Weights.Random(weights, 1))
            .Initializer("b", [outputs], Weights.Random(outputs, 2))
            .Node("Conv", ["x", "w", "b"], ["y"], ("group", (long)groups), ("strides", strides), ("dilations", dilations), ("pads", pads))
            .Output("y");
    }
}
