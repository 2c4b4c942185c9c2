using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class TransposedConvolutionFormsTests
{
    [Theory]
    [InlineData(6, 3, 2, new long[] { 3, 2 }, new long[] { 2, 1 })]
    [InlineData(20, 2, 10, new long[] { 4, 4 }, new long[] { 2, 2 })]
    [InlineData(8, 4, 2, new long[] { 3 }, new long[] { 3 })]
    public void GroupsThatDoNotFillBlocksBecomeOne(int channels, int groups, int outputs, long[] kernel, long[] strides)
    {
        ModelBuilder model = Model(channels, groups, outputs, kernel, strides);
        Node node = PassCheck.Run(model, new TransposedConvolutionForms()).Nodes.Single();
        node.Attributes.Int("group", 1).ShouldBe(1);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    [Theory]
    [InlineData(5, new long[] { 4, 4 }, new long[] { 2, 2 })]
    [InlineData(33, new long[] { 1, 3 }, new long[] { 2, 3 })]
    [InlineData(16, new long[] { 3 }, new long[] { 2 })]
    public void ChannelsByThemselvesKeepTheirGroups(int channels, long[] kernel, long[] strides)
    {
        ModelBuilder model = Model(channels, channels, 1, kernel, strides);
        PassCheck.Run(model, new TransposedConvolutionForms()).Nodes.Single().Attributes.Int("group", 1).ShouldBe(channels);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    [Theory]
    [InlineData(new long[] { 2, 2, 2 }, new long[] { 2, 2, 2 }, new long[] { 0, 0, 0, 0, 0, 0 }, new long[] { 0, 0, 0 })]
    [InlineData(new long[] { 3, 3, 4 }, new long[] { 3, 2, 2 }, new long[] { 0, 1, 2, 0, 0, 1 }, new long[] { 0, 1, 0 })]
    [InlineData(new long[] { 3, 2, 2 }, new long[] { 2, 2, 2 }, new long[] { 1, 0, 0, 1, 0, 0 }, new long[] { 1, 0, 0 })]
    [InlineData(new long[] { 5, 3, 3 }, new long[] { 2, 2, 1 }, new long[] { 2, 1, 1, 1, 1, 1 }, new long[] { 0, 1, 0 })]
    [InlineData(new long[] { 3, 3, 3 }, new long[] { 1, 1, 1 }, new long[] { 1, 1, 1, 1, 1, 1 }, new long[] { 0, 0, 0 })]
    public void VolumesRunAsPictures(long[] kernel, long[] strides, long[] pads, long[] extra)
    {
        ModelBuilder model = Model(6, 1, 5, kernel, strides, pads, extra);
        PassCheck.Run(model, new TransposedConvolutionForms()).Nodes.Single(static n => n.Is("ConvTranspose")).Output.Shape.Rank.ShouldBe(4);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    [Fact]
    public void SlicesThatAreSpreadOutStay()
    {
        ModelBuilder model = Model(4, 1, 3, [3, 2, 2], [2, 2, 2], dilations: [2, 1, 1]);
        PassCheck.Run(model, new TransposedConvolutionForms()).Nodes.Count.ShouldBe(1);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    private static ModelBuilder Model(int channels, int groups, int outputs, long[] kernel, long[] strides, long[]? pads = null, long[]? extra = null, long[]? dilations = null)
    {
        int[] cells = [.. new[] { 4, 5, 3 }.Take(kernel.Length)];
        int count = (int)(channels * outputs * kernel.Aggregate(static (a, b) => a * b));
        return new ModelBuilder()
            .Input("x", OnnxDataType.Float, [2, channels, .. cells])
            .Initializer("w", [channels, outputs, .. kernel], Weights.Random(count, 1))
            .Initializer("b", [outputs * groups], Weights.Random(outputs * groups, 2))
            .Node(
                "ConvTranspose",
                ["x", "w", "b"],
                ["y"],
                ("group", (long)groups),
                ("strides", strides),
                ("dilations", dilations ?? [.. kernel.Select(static _ => 1L)]),
                ("pads", pads ?? new long[2 * kernel.Length]),
                ("output_padding", extra ?? new long[kernel.Length]))
            .Output("y");
    }
}
