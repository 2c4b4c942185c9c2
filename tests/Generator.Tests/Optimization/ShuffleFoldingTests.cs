using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators.Linear;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class ShuffleFoldingTests
{
    private const int Channels = 48;

    /// <summary>A convolution of groups that are no whole blocks, of whole blocks, and of one group, behind a shuffle and with a depthwise convolution in between.</summary>
    [Theory]
    [InlineData(3, 4, 1, false)]
    [InlineData(3, 4, 1, true)]
    [InlineData(4, 4, 3, true)]
    [InlineData(3, 3, 1, true)]
    [InlineData(2, 1, 1, true)]
    [InlineData(6, 1, 3, false)]
    public void ConvolutionsReadChannelsInTheirOldOrder(int factor, int groups, int kernel, bool depthwise)
    {
        ModelBuilder model = Model(factor, groups, kernel, depthwise).Output("y");
        Graph graph = PassCheck.Run(model, new ShuffleFolding(), new DeadCode());
        PassCheck.Operators(graph).ShouldBe(depthwise ? "Conv, Conv" : "Conv");
        graph.Nodes[^1].Attributes.Has(Conv.GroupInputs).ShouldBe(groups > 1);
        OperatorCheck.Run(model, absolute: 1e-3);
    }

    /// <summary>Outputs that leave half a block, in blocks that several groups share, on a map whose positions leave a small tile.</summary>
    [Theory]
    [InlineData(40, 4, 3, 5)]
    [InlineData(136, 8, 1, 1)]
    [InlineData(20, 2, 2, 2)]
    public void BlocksSumTheirGroupsOnly(int outputs, int groups, int height, int width)
    {
        ModelBuilder model = Shuffled(new ModelBuilder().Input("x", OnnxDataType.Float, 2, Channels, height, width), 4, height, width)
            .Initializer("w", [outputs, Channels / groups, 1, 1], Weights.Random(outputs * Channels / groups, 1))
            .Node("Conv", ["s", "w"], ["c"], ("group", groups))
            .Node("Relu", ["c"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-3);
        long all = 2L * height * width * Channels * ((outputs + 15) / 16 * 16);
        ScheduleCheck.Steps(model).Sum(static s => s.MultiplyAdds).ShouldBeLessThan(all);
    }

    [Fact]
    public void KeepsAShuffleThatIsReadElsewhere() =>
        PassCheck.Operators(PassCheck.Run(Model(3, 4, 1, depthwise: true).Output("y").Output("s"), new ShuffleFolding())).ShouldContain("Transpose");

    [Fact]
    public void KeepsAFilteredShuffleThatIsReadElsewhere() =>
        PassCheck.Operators(PassCheck.Run(Model(3, 4, 1, depthwise: true).Output("y").Output("d"), new ShuffleFolding())).ShouldContain("Transpose");

    /// <summary>What moves more than channels is no shuffle.</summary>
    [Fact]
    public void KeepsOtherPermutations()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 12, 4, 4)
            .Initializer("split", [5], new long[] { 1, 3, 4, 4, 4 })
            .Initializer("join", [4], new long[] { 1, 12, 4, 4 })
            .Node("Reshape", ["x", "split"], ["a"])
            .Node("Transpose", ["a"], ["b"], ("perm", new long[] { 0, 2, 1, 4, 3 }))
            .Node("Reshape", ["b", "join"], ["s"])
            .Initializer("w", [8, 12, 1, 1], Weights.Random(96, 1))
            .Node("Conv", ["s", "w"], ["y"])
            .Output("y");
        PassCheck.Operators(PassCheck.Run(model, new ShuffleFolding())).ShouldBe("Reshape, Transpose, Reshape, Conv");
    }

    private static ModelBuilder Model(int factor, int groups, int kernel, bool depthwise)
    {
        ModelBuilder model = Shuffled(new ModelBuilder().Input("x", OnnxDataType.Float, 1, Channels, 5, 6), factor, 5, 6);
        if (depthwise)
        {
            model.Initializer("dw", [Channels, 1, 3, 3], Weights.Random(Channels * 9, 2))
                .Initializer("db", [Channels], Weights.Random(Channels, 3))
                .Node("Conv", ["s", "dw", "db"], ["d"], ("group", Channels), ("pads", new long[] { 1, 1, 1, 1 }));
        }

        return model
            .Initializer("w", [48, Channels / groups, kernel, kernel], Weights.Random(48 * Channels / groups * kernel * kernel, 1))
            .Node("Conv", [depthwise ? "d" : "s", "w"], ["y"], ("group", groups), ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }));
    }

    private static ModelBuilder Shuffled(ModelBuilder model, int factor, int height, int width) => model
        .Initializer("split", [5], new long[] { 0, factor, Channels / factor, height, width })
        .Initializer("join", [4], new long[] { 0, Channels, height, width })
        .Node("Reshape", ["x", "split"], ["a"])
        .Node("Transpose", ["a"], ["b"], ("perm", new long[] { 0, 2, 1, 3, 4 }))
        .Node("Reshape", ["b", "join"], ["s"]);
}
