using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Dilated convolutions by Winograd's minimal filtering: tiles of outputs that lie a dilation apart.</summary>
public sealed class DilatedWinogradTests
{
    private const double UsualError = 2e-5;

    /// <summary>Equal and different dilations, maps of whole tiles and with rests of every kind, parts of blocks, every side padded differently, several images.</summary>
    [Theory]
    [InlineData(1, 64, 28, 28, 64, 2, 2, new long[] { 2, 2, 2, 2 })]
    [InlineData(1, 128, 32, 48, 64, 4, 4, new long[] { 4, 4, 4, 4 })]
    [InlineData(1, 128, 33, 33, 128, 4, 4, new long[] { 4, 4, 4, 4 })]
    [InlineData(1, 64, 17, 21, 40, 2, 1, new long[] { 2, 1, 2, 1 })]
    [InlineData(2, 40, 19, 23, 56, 1, 2, new long[] { 1, 0, 0, 3 })]
    [InlineData(2, 72, 31, 30, 64, 3, 2, new long[] { 0, 2, 4, 1 })]
    [InlineData(1, 64, 17, 21, 96, 2, 2, new long[] { 2, 2, 2, 2 })]
    [InlineData(1, 256, 41, 37, 64, 6, 6, new long[] { 6, 6, 6, 6 })]
    [InlineData(1, 16, 12, 301, 32, 2, 2, new long[] { 2, 2, 2, 2 })]
    public void DilationsAndEdges(int n, int c, int h, int w, int m, int rows, int columns, long[] pads)
    {
        ModelBuilder model = Convolution(n, c, h, w, m, rows, columns, pads).Output("y");
        Steps(model).ShouldHaveSingleItem();
        Check(model);
    }

    /// <summary>Residuals are read where the outputs are written; a costly function goes over a tile's sums in a loop.</summary>
    [Theory]
    [InlineData(1, 2, 2, "Relu")]
    [InlineData(2, 2, 2, "Relu")]
    [InlineData(2, 4, 3, "Relu")]
    [InlineData(2, 2, 2, "Softplus")]
    public void ActivationAndResidualAreFused(int n, int rows, int columns, string function)
    {
        long[] pads = [rows, columns, rows, columns];
        ModelBuilder model = Convolution(n, 48, 27, 26, 48, rows, columns, pads, "first")
            .Initializer("w2", [48, 48, 3, 3], Weights.Random(48 * 48 * 9, 3))
            .Node("Relu", ["first"], ["a"])
            .Node("Conv", ["a", "w2"], ["second"], ("pads", pads), ("dilations", new long[] { rows, columns }))
            .Node("Add", ["second", "a"], ["sum"])
            .Node(function, ["sum"], ["y"])
            .Output("y");
        Steps(model).Length.ShouldBe(2);
        ScheduleCheck.Steps(model).OfType<ElementwiseStep>().ShouldBeEmpty();
        Check(model);
    }

    [Fact]
    public void OneValuePerPixelIsAnOperandOfTheEpilogue()
    {
        ModelBuilder model = Convolution(1, 64, 27, 29, 48, 2, 2, [2, 2, 2, 2], "conv")
            .Input("mask", OnnxDataType.Float, 1, 1, 27, 29)
            .Node("Mul", ["conv", "mask"], ["y"])
            .Output("y");
        Steps(model).ShouldHaveSingleItem();
        Check(model);
    }

    [Fact]
    public void GroupsOfWholeBlocks()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 128, 27, 25)
            .Initializer("w", [128, 64, 3, 3], Weights.Random(128 * 64 * 9, 1))
            .Node("Conv", ["x", "w"], ["y"], ("pads", new long[] { 2, 2, 2, 2 }), ("dilations", new long[] { 2, 2 }), ("group", 2))
            .Output("y");
        Steps(model).ShouldHaveSingleItem();
        Check(model);
    }

    /// <summary>The whole arena but the live buffers is NaN between the steps: nothing may read or write beyond its own memory.</summary>
    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    public void StaysInItsMemory(int rows, int columns)
    {
        ModelBuilder model = Convolution(1, 72, 29, 27, 72, rows, columns, [rows, columns, rows, columns]).Output("y");
        CompiledModel compiled = CompiledModel.Compile(model.ToBytes(), "auto", new CompilerOptions { CheckedArena = true });
        compiled.Result.Plan!.Schedule.Steps.OfType<WinogradStep>().ShouldNotBeEmpty();
        compiled.Run(ErrorCheck.Inputs(OperatorCheck.Import(model.ToBytes())))[0].Floats().ToArray().ShouldAllBe(static v => float.IsFinite(v));
    }

    /// <summary>All outputs of a tile have the same weights: they are transformed once, whatever the dilation.</summary>
    [Fact]
    public void WeightsAreThoseOfTapsSideBySide()
    {
        static long Bytes(int dilation) =>
            CompiledModel.Compile(Convolution(1, 64, 32, 32, 64, dilation, dilation, [dilation, dilation, dilation, dilation]).Output("y").ToBytes()).Result.Plan!.WeightBytes;
        Bytes(2).ShouldBe(Bytes(1));
    }

    /// <summary>Small maps between wide taps, too few outputs or channels, strides, and maps of any size.</summary>
    [Theory]
    [InlineData(64, 33, 64, 12, 1)]
    [InlineData(64, 3, 64, 4, 1)]
    [InlineData(3, 32, 16, 2, 1)]
    [InlineData(64, 32, 64, 2, 2)]
    public void OtherConvolutionsStayDirect(int c, int size, int m, int dilation, int stride) => Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, c, size, size)
        .Initializer("w", [m, c, 3, 3], Weights.Random(m * c * 9, 1))
        .Node("Conv", ["x", "w"], ["y"], ("pads", new long[] { 3, 3, 3, 3 }), ("strides", new long[] { stride, stride }), ("dilations", new long[] { dilation, dilation }))
        .Output("y")).ShouldBeEmpty();

    [Fact]
    public void ARunMayChooseHowManyMapsThereAre()
    {
        ModelBuilder model = OfTheRun("batch", 30);
        StepsOf(model, "batch=1..3").ShouldHaveSingleItem();
        RunTimeSizesCheck.Run(model, "batch=1..3", ["batch=1", "batch=3", "batch=2"], relative: 1e-3);
    }

    [Fact]
    public void MapsOfAnySizeStayDirect() => StepsOf(OfTheRun(1, "height"), "height=3..30").ShouldBeEmpty();

    [Fact]
    public void CanBeSwitchedOff()
    {
        byte[] model = Convolution(1, 64, 28, 28, 64, 2, 2, [2, 2, 2, 2]).Output("y").ToBytes();
        IReadOnlyList<Step> direct = CompiledModel.Compile(model, "auto", new CompilerOptions { Winograd = false }).Result.Plan!.Schedule.Steps;
        direct.OfType<WinogradStep>().ShouldBeEmpty();
        direct.OfType<ContractionStep>().ShouldHaveSingleItem();
    }

    /// <summary>Tiles follow one another so that none is empty.</summary>
    [Theory]
    [InlineData(28, 2, 8)]
    [InlineData(33, 4, 9)]
    [InlineData(17, 2, 5)]
    [InlineData(21, 2, 6)]
    [InlineData(5, 12, 5)]
    [InlineData(13, 1, 4)]
    public void NoTileIsEmpty(int outputs, int dilation, int tiles) => Winograd.Tiles(outputs, RealWinogradTransform.F4, dilation).ShouldBe(tiles);

    [Theory]
    [InlineData(256, 16, 28, 2, 2)]
    [InlineData(256, 16, 33, 4, 4)]
    [InlineData(256, 16, 33, 12, 4)]
    [InlineData(256, 16, 33, 33, null)]
    public void TheEstimateCountsPartsOfTiles(int channels, int blocks, int size, int dilation, int? outputs) =>
        (WinogradChoice.Choose(Simd.V512, RealWinogradTransform.For(3), channels, blocks, size, size, new WinogradDilation(dilation, dilation))?.Transform.Outputs).ShouldBe(outputs);

    private static ModelBuilder Convolution(int n, int c, int h, int w, int m, int rows, int columns, long[] pads, string output = "y") => new ModelBuilder()
        .Input("x", OnnxDataType.Float, n, c, h, w)
        .Initializer("w", [m, c, 3, 3], Weights.Random(m * c * 9, 1))
        .Initializer("b", [m], Weights.Random(m, 2))
        .Node("Conv", ["x", "w", "b"], [output], ("pads", pads), ("dilations", new long[] { rows, columns }));

    private static ModelBuilder OfTheRun(object batch, object height) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, (object[])[batch, 3, height, 27])
        .Initializer("w1", [64, 3, 1, 1], Weights.Random(64 * 3, 1))
        .Initializer("w2", [64, 64, 3, 3], Weights.Random(64 * 64 * 9, 2))
        .Node("Conv", ["x", "w1"], ["a"])
        .Node("Conv", ["a", "w2"], ["y"], ("pads", new long[] { 2, 2, 2, 2 }), ("dilations", new long[] { 2, 2 }))
        .Output("y");

    private static WinogradStep[] StepsOf(ModelBuilder model, string ranges) =>
        ScheduleCheck.Steps(model, new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges) }).OfType<WinogradStep>().ToArray();

    /// <summary>The Winograd convolutions of a model; one of two stages counts once.</summary>
    private static WinogradStep[] Steps(ModelBuilder model) => ScheduleCheck.Steps(model).OfType<WinogradStep>().Where(static s => s.MultiplyAdds > 0).ToArray();

    /// <summary>Compares all vector widths, one of them on several threads, with the interpreter; the error is relative to the largest output.</summary>
    private static void Check(ModelBuilder model)
    {
        byte[] bytes = model.ToBytes();
        Graph graph = OperatorCheck.Import(bytes);
        Tensor[] inputs = ErrorCheck.Inputs(graph);
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(graph, inputs);
        double largest = expected[0].Floats().ToArray().Max(static v => Math.Abs((double)v));
        OperatorCheck.RunOn(bytes, graph, inputs, expected, relative: 0, absolute: UsualError * largest);
    }
}
