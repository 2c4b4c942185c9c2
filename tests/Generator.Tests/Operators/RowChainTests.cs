using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Depthwise convolutions and their neighbours run strip by strip where what lies between them is large.</summary>
public sealed class RowChainTests
{
    [Theory]
    [InlineData(3, 1, 1, 1, 1, 1)]
    [InlineData(3, 2, 1, 1, 1, 1)]
    [InlineData(3, 2, 0, 1, 1, 1)]
    [InlineData(5, 1, 2, 2, 1, 2)]
    [InlineData(5, 2, 1, 2, 1, 1)]
    [InlineData(3, 1, 2, 2, 2, 1)]
    [InlineData(3, 3, 0, 2, 1, 1)]
    [InlineData(1, 2, 0, 0, 1, 1)]
    [InlineData(7, 1, 6, 5, 1, 1)]
    public void ExpandFilterProject(int kernel, int stride, int before, int after, int dilation, int batch)
    {
        ModelBuilder model = Block(24, 40, 20, 26, 29, batch, kernel, stride, before, after, dilation).Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is RowChainStep).ShouldBe(1);
    }

    [Fact]
    public void ResidualsAndCostlyFunctions()
    {
        ModelBuilder model = Block(24, 48, 24, 30, 17, 1, 3, 1, 1, 1, 1, "HardSwish", "Tanh").Node("Add", ["y", "x"], ["z"]).Output("z");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is RowChainStep).ShouldBe(1);
        ScheduleCheck.Steps(model).Count(static s => s is ElementwiseStep).ShouldBe(0);
    }

    [Fact]
    public void AFirstConvolutionFeedsRowsToo()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 3, 61, 49)
            .Initializer("w0", [20, 3, 3, 3], Weights.Random(540, 1))
            .Node("Conv", ["x", "w0"], ["a"], ("strides", new long[] { 2, 2 }), ("auto_pad", "SAME_UPPER"))
            .Node("Relu", ["a"], ["b"])
            .Initializer("w1", [20, 1, 3, 3], Weights.Random(180, 2))
            .Node("Conv", ["b", "w1"], ["y"], ("group", 20), ("auto_pad", "SAME_UPPER"))
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is RowChainStep).ShouldBe(1);
        ScheduleCheck.Steps(model).Where(static s => s.Reads.Any(static v => v.Storage.Name == "x")).Single().ShouldBeOfType<RowChainStep>();
    }

    /// <summary>The rows of an image are padded strip by strip, unless they are too long for the nearest caches.</summary>
    [Theory]
    [InlineData(40, 70, 2, 2, 0, 1, 0)]
    [InlineData(37, 53, 1, 1, 1, 2, 0)]
    [InlineData(24, 1400, 1, 1, 1, 1, 1)]
    public void ImagesArePaddedStripByStrip(int height, int width, int stride, int batch, int before, int after, int copies)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, batch, 3, height, width)
            .Initializer("w0", [24, 3, 3, 3], Weights.Random(648, 1))
            .Node("Conv", ["x", "w0"], ["a"], ("strides", new long[] { stride, stride }), ("pads", new long[] { before, before, after, after }))
            .Initializer("w1", [24, 1, 3, 3], Weights.Random(216, 2))
            .Node("Conv", ["a", "w1"], ["y"], ("group", 24), ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is RowChainStep).ShouldBe(1);
        ScheduleCheck.Steps(model).OfType<CopyStep>().Count(static s => s.Reads.Any(static v => v.Storage.Name == "x")).ShouldBe(copies);
    }

    /// <summary>A 1×1 convolution between two depthwise ones makes rows for the second.</summary>
    [Fact]
    public void SeparableChains()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 24, 30, 30);
        string value = "x";
        for (int i = 0; i < 3; i++)
        {
            model.Initializer($"d{i}", [24, 1, 3, 3], Weights.Random(216, i))
                .Node("Conv", [value, $"d{i}"], [$"a{i}"], ("group", 24), ("pads", new long[] { 1, 1, 1, 1 }))
                .Initializer($"p{i}", [24, 24, 1, 1], Weights.Random(576, i + 7))
                .Node("Conv", [$"a{i}", $"p{i}"], [$"b{i}"]);
            value = $"b{i}";
        }

        model.Node("Relu", [value], ["y"]).Output("y");
        OperatorCheck.Run(model, absolute: 1e-3);
        ScheduleCheck.Steps(model).Count(static s => s is RowChainStep).ShouldBe(2);
        ScheduleCheck.Steps(model).Count(static s => s is ContractionStep).ShouldBe(1);
    }

    [Fact]
    public void WhatIsReadTwiceStaysWhole()
    {
        ModelBuilder model = Block(24, 40, 20, 26, 29, 1, 3, 1, 1, 1, 1).Node("GlobalAveragePool", ["expanded"], ["z"]).Output("y").Output("z");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).OfType<RowChainStep>().Single().Kernel.ShouldStartWith("Depthwise");
    }

    [Fact]
    public void OutputsStayWhole()
    {
        ModelBuilder model = Block(24, 40, 20, 26, 29, 1, 3, 1, 1, 1, 1).Output("expanded").Output("filtered").Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is RowChainStep).ShouldBe(0);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(120, 4)]
    public void SmallMapsAndShortRowsStayWhole(int height, int width)
    {
        ModelBuilder model = Block(24, 40, 20, height, width, 1, 3, 1, 1, 1, 1).Output("y");
        ScheduleCheck.Steps(model).Count(static s => s is RowChainStep).ShouldBe(0);
    }

    /// <summary>Without a point to wait between the two, threads share them by the same rows.</summary>
    [Theory]
    [InlineData(12, 12, 1)]
    [InlineData(13, 19, 2)]
    [InlineData(90, 7, 1)]
    [InlineData(25, 5, 1)]
    public void SmallDepthwiseConvolutionsRunWithWhatReadsThem(int height, int width, int stride)
    {
        ModelBuilder model = Block(24, 40, 52, height, width, 1, 3, stride, 1, 1, 1).Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).OfType<RowChainStep>().Single().Kernel.ShouldStartWith("Depthwise Conv 3×3");
    }

    /// <summary>
    /// Without a convolution behind it, the depthwise one takes a block of channels through all rows: the rows between the two are those of
    /// one block, whatever the number of channels, and threads share the blocks.
    /// </summary>
    [Theory]
    [InlineData(320, 12, 12, 5, 2, 1, 1)]
    [InlineData(264, 15, 14, 5, 2, 1, 2)]
    [InlineData(120, 24, 24, 5, 1, 1, 1)]
    [InlineData(128, 25, 23, 3, 1, 2, 2)]
    public void BlocksGoThroughAllRows(int channels, int height, int width, int kernel, int dilation, int stride, int batch)
    {
        ModelBuilder model = Scaled(channels, height, width, batch, kernel, stride, dilation);
        OperatorCheck.Run(model, absolute: 1e-4);
        RowChainStep step = ScheduleCheck.Steps(model).OfType<RowChainStep>().Single();
        step.Kernel.ShouldEndWith("blocks outermost");
        step.ParallelExtent(Simd.V512).Maximum.ShouldBe((channels + 15) / 16);
        step.Scratch.Sum(static s => s.Bytes).ShouldBeLessThan(32 * 1024);
    }

    /// <summary>The rows between the convolutions of a wide chain exist once for each of two threads; strips have as many rows as leaves room for that.</summary>
    [Fact]
    public void WideChainsHaveLanes()
    {
        RowChainStep step = ScheduleCheck.Steps(Block(256, 256, 64, 30, 40, 1, 3, 1, 1, 1, 1).Node("Relu", ["y"], ["z"]).Output("z")).OfType<RowChainStep>().Single();
        step.ParallelExtent(Simd.V512).Maximum.ShouldBeGreaterThan(1);
        step.Scratch.Sum(static s => s.Bytes).ShouldBeLessThan(1280 * 1024);
    }

    /// <summary>Three blocks are no even shares, and a large map would be read from far away for each block: threads share the rows.</summary>
    [Theory]
    [InlineData(48, 24, 24)]
    [InlineData(128, 60, 60)]
    public void FewBlocksAndLargeMapsAreSharedByRows(int channels, int height, int width)
    {
        RowChainStep step = ScheduleCheck.Steps(Scaled(channels, height, width, 1, 3, 1, 1)).OfType<RowChainStep>().Single();
        step.Kernel.ShouldEndWith("channels");
        step.ParallelExtent(Simd.V512).Maximum.ShouldBe(height);
    }

    /// <summary>Its weights would be read anew for each row.</summary>
    [Fact]
    public void LargeWeightsStayWithWholeMaps()
    {
        ModelBuilder model = Block(24, 160, 120, 8, 8, 1, 3, 1, 1, 1, 1).Output("y");
        ScheduleCheck.Steps(model).Count(static s => s is RowChainStep).ShouldBe(0);
    }

    /// <summary>Maxima of 2×2 windows are taken where the last convolution's sums are stored, with what is left over at odd ends.</summary>
    [Theory]
    [InlineData(24, 40, 20, 46, 40, 1)]
    [InlineData(24, 24, 72, 37, 53, 1)]
    [InlineData(16, 32, 48, 33, 35, 2)]
    public void MaximaOfPairsEndAChain(int inputs, int channels, int outputs, int height, int width, int batch)
    {
        ModelBuilder model = Pool(Block(inputs, channels, outputs, height, width, batch, 3, 1, 1, 1, 1).Node("Relu", ["y"], ["p"]), "p");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).OfType<RowChainStep>().Single().Kernel.ShouldContain("Conv 1×1, MaxPool 2×2");
        ScheduleCheck.Steps(model).Count(static s => s is PoolStep).ShouldBe(0);
    }

    [Theory]
    [InlineData(24, 61, 70)]
    [InlineData(56, 80, 81)]
    public void MaximaFollowADepthwiseConvolution(int channels, int height, int width)
    {
        ModelBuilder model = Pool(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 1, 20, height, width)
                .Initializer("w1", [channels, 20, 1, 1], Weights.Random(channels * 20, 1))
                .Node("Conv", ["x", "w1"], ["a"])
                .Initializer("w2", [channels, 1, 3, 3], Weights.Random(channels * 9, 2))
                .Node("Conv", ["a", "w2"], ["b"], ("group", channels), ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Relu", ["b"], ["p"]),
            "p");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).OfType<RowChainStep>().Single().Kernel.ShouldContain("Conv 1×1, Depthwise Conv 3×3, MaxPool 2×2");
    }

    [Theory]
    [InlineData(3, 20, 7, 2, 120, 130, 1)]
    [InlineData(3, 40, 3, 1, 67, 66, 2)]
    [InlineData(32, 24, 3, 2, 140, 133, 1)]
    [InlineData(24, 40, 1, 1, 64, 65, 1)]
    public void MaximaFollowOtherConvolutions(int inputs, int outputs, int kernel, int stride, int height, int width, int batch)
    {
        ModelBuilder model = Pool(Alone(inputs, outputs, kernel, stride, height, width, batch).Node("Relu", ["a"], ["p"]), "p");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).OfType<RowChainStep>().Single().Kernel.ShouldContain("MaxPool 2×2");
    }

    /// <summary>Windows that overlap or reach beyond the map, maps that are read twice, and functions that stand in a loop of their own.</summary>
    [Theory]
    [InlineData("Relu", 3, 0, false)]
    [InlineData("Relu", 2, 1, false)]
    [InlineData("Sigmoid", 2, 0, false)]
    [InlineData("Relu", 2, 0, true)]
    public void OtherMaximaAreStepsOfTheirOwn(string function, int window, int pad, bool isOutput)
    {
        ModelBuilder model = Pool(Block(24, 40, 20, 46, 40, 1, 3, 1, 1, 1, 1).Node(function, ["y"], ["p"]), "p", window, pad);
        model = isOutput ? model.Output("p") : model;
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is PoolStep).ShouldBe(1);
    }

    /// <summary>Convolutions with fewer operations in another form, and maps that stay in the caches, are computed whole.</summary>
    [Theory]
    [InlineData(32, 32, 3, 1, 64, 64)]
    [InlineData(24, 24, 1, 1, 30, 30)]
    public void MaximaDoNotHoldOtherFormsBack(int inputs, int outputs, int kernel, int stride, int height, int width) =>
        ScheduleCheck.Steps(Pool(Alone(inputs, outputs, kernel, stride, height, width, 1), "a")).Count(static s => s is RowChainStep).ShouldBe(0);

    private static ModelBuilder Pool(ModelBuilder model, string value, int window = 2, int pad = 0) => model
        .Node("MaxPool", [value], ["pooled"], ("kernel_shape", new long[] { window, window }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { pad, pad, pad, pad }))
        .Output("pooled");

    /// <summary>A chain whose result is scaled by its own means, so that no convolution ends it.</summary>
    private static ModelBuilder Scaled(int channels, int height, int width, int batch, int kernel, int stride, int dilation) => Block(
            24, channels, null, height, width, batch, kernel, stride, kernel / 2 * dilation, kernel / 2 * dilation, dilation)
        .Node("GlobalAveragePool", ["filtered"], ["means"])
        .Node("Mul", ["filtered", "means"], ["y"])
        .Output("y");

    private static ModelBuilder Alone(int inputs, int outputs, int kernel, int stride, int height, int width, int batch) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, batch, inputs, height, width)
        .Initializer("w", [outputs, inputs, kernel, kernel], Weights.Random(outputs * inputs * kernel * kernel, 1))
        .Node("Conv", ["x", "w"], ["a"], ("strides", new long[] { stride, stride }), ("pads", Enumerable.Repeat((long)(kernel / 2), 4).ToArray()));

    /// <summary>A 1×1 convolution, a depthwise one that makes "filtered", and a 1×1 convolution behind it that makes "y", unless it has no outputs.</summary>
    private static ModelBuilder Block(
        int inputs,
        int channels,
        int? outputs,
        int height,
        int width,
        int batch,
        int kernel,
        int stride,
        int before,
        int after,
        int dilation,
        string first = "Relu",
        string second = "Relu")
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, batch, inputs, height, width)
            .Initializer("w1", [channels, inputs, 1, 1], Weights.Random(channels * inputs, 1))
            .Initializer("b1", [channels], Weights.Random(channels, 2))
            .Node("Conv", ["x", "w1", "b1"], ["a"])
            .Node(first, ["a"], ["expanded"])
            .Initializer("w2", [channels, 1, kernel, kernel], Weights.Random(channels * kernel * kernel, 3))
            .Initializer("b2", [channels], Weights.Random(channels, 4))
            .Node(
                "Conv",
                ["expanded", "w2", "b2"],
                ["b"],
                ("group", channels),
                ("strides", new long[] { stride, stride }),
                ("dilations", new long[] { dilation, dilation }),
                ("pads", new long[] { before, before, after, after }))
            .Node(second, ["b"], ["filtered"]);
        return outputs is not { } count ? model : model
            .Initializer("w3", [count, channels, 1, 1], Weights.Random(count * channels, 5))
            .Node("Conv", ["filtered", "w3"], ["y"]);
    }
}
