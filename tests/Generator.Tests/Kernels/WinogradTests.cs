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

/// <summary>Convolutions by Winograd's minimal filtering: results, error, and where it is chosen.</summary>
public sealed class WinogradTests
{
    /// <summary>What is promised for whole layers; the tests hold the kernel to a fraction of it.</summary>
    private const double PromisedError = 1e-3;

    private const double UsualError = 2e-5;

    /// <summary>Strips of which one thread of two would have twice as many as the other are not chosen where halves cost about as much.</summary>
    [Fact]
    public void StripsAreEvenShares()
    {
        foreach (int rows in new[] { 16, 24, 40, 56 })
        {
            foreach (int channels in new[] { 64, 128 })
            {
                foreach (WinogradChoice choice in WinogradChoice.All(Simd.V512, RealWinogradTransform.For(3), channels, channels / 16, rows, rows, WinogradDilation.None))
                {
                    int tileRows = (rows + choice.Transform.Outputs - 1) / choice.Transform.Outputs;
                    bool isWhole = choice.Tiling.Rows == tileRows && choice.Tiling.Columns == tileRows;
                    (int size, int all) = isWhole ? (choice.Tiling.Group, channels / 16) : (choice.Tiling.Rows, tileRows);
                    int first = (all + size - 1) / size / 2 * size;
                    ((double)Math.Max(first, all - first) / all).ShouldBeLessThan(0.61, $"{rows}×{rows}, {channels} channels, {choice.Tiling}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 16, 32, 32, 16, 1, 1, 1, 1)]
    [InlineData(1, 32, 13, 11, 32, 1, 1, 1, 1)]
    [InlineData(2, 40, 18, 17, 56, 1, 1, 1, 1)]
    [InlineData(1, 24, 15, 30, 20, 0, 1, 0, 0)]
    [InlineData(1, 32, 19, 9, 33, 2, 0, 1, 3)]
    [InlineData(1, 32, 20, 22, 32, 0, 0, 0, 0)]
    [InlineData(1, 64, 7, 7, 64, 1, 1, 1, 1)]
    [InlineData(1, 48, 5, 40, 160, 1, 1, 1, 1)]
    [InlineData(1, 16, 3, 150, 32, 1, 1, 1, 1)]
    [InlineData(3, 130, 10, 10, 144, 1, 1, 1, 1)]
    public void EdgesChannelsAndPads(int n, int c, int h, int w, int m, int top, int left, int bottom, int right)
    {
        ModelBuilder model = Convolution(n, c, h, w, m, [top, left, bottom, right]).Output("y");
        Steps(model).ShouldHaveSingleItem();
        Check(model, UsualError);
    }

    /// <summary>Groups of whole blocks, and groups that share one: a part of the channels each, with its weights, biases and operands.</summary>
    [Theory]
    [InlineData(64, 64, 4, 20, 17)]
    [InlineData(64, 128, 2, 13, 11)]
    [InlineData(48, 48, 6, 24, 24)]
    [InlineData(32, 32, 8, 16, 30)]
    public void Groups(int channels, int outputs, int groups, int height, int width)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, channels, height, width).Input("r", OnnxDataType.Float, 1, outputs, height, width)
            .Initializer("w", [outputs, channels / groups, 3, 3], Weights.Random(outputs * (channels / groups) * 9, 1))
            .Initializer("b", [outputs], Weights.Random(outputs, 2))
            .Initializer("f", [outputs, 1, 1], Weights.Random(outputs, 3))
            .Node("Conv", ["x", "w", "b"], ["c"], ("group", groups), ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Mul", ["c", "f"], ["m"])
            .Node("Add", ["m", "r"], ["a"])
            .Node("Relu", ["a"], ["y"])
            .Output("y");
        Steps(model).ShouldHaveSingleItem();
        Check(model, UsualError);
    }

    /// <summary>At stride 2, of several images, and where groups do not fill blocks, the direct sum is taken.</summary>
    [Theory]
    [InlineData(1, 64, 4, 2)]
    [InlineData(2, 64, 4, 1)]
    [InlineData(1, 60, 5, 1)]
    [InlineData(1, 72, 3, 1)]
    public void OtherGroupsAreSummedDirectly(int images, int channels, int groups, int stride)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, images, channels, 20, 20)
            .Initializer("w", [channels, channels / groups, 3, 3], Weights.Random(channels * (channels / groups) * 9, 1))
            .Node("Conv", ["x", "w"], ["y"], ("group", groups), ("strides", new long[] { stride, stride }), ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y");
        Steps(model).ShouldBeEmpty();
    }

    /// <summary>In registers, which the just-in-time compiler keeps over the loops, constants would displace sums of the products.</summary>
    [Theory]
    [InlineData("x86-64-v4")]
    [InlineData("x86-64-v3")]
    [InlineData("baseline")]
    [InlineData("arm64")]
    public void ConstantsStayInMemory(string isa)
    {
        byte[] model = Convolution(1, 16, 16, 16, 16, [1, 1, 1, 1]).Output("y").ToBytes();
        string code = string.Concat(CompiledModel.Compile(model, isa).Result.Sources.Select(static s => s.Text));
        code.ShouldContain("winograd F(4");
        code.ShouldContain("Load(constants");
        code.ShouldNotContain(".Create(0.625f)");
    }

    /// <summary>While the products of a point are made, the weights of the next ones come from behind the second-level cache, if they may not be in it.</summary>
    [Theory]
    [InlineData(128, 28, true)]
    [InlineData(16, 28, false)]
    public void WeightsOfTheNextPointAreFetched(int channels, int size, bool fetched)
    {
        byte[] model = Convolution(1, channels, size, size, channels, [1, 1, 1, 1]).Output("y").ToBytes();
        string code = string.Concat(CompiledModel.Compile(model, "x86-64-v4").Result.Sources.Select(static s => s.Text));
        code.ShouldContain("winograd F(");
        code.Contains("CacheHint.Ahead(", StringComparison.Ordinal).ShouldBe(fetched);
    }

    [Fact]
    public void NoPadsAndNoHalo()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 8, 17, 30)
            .Initializer("w1", [24, 8, 1, 1], Weights.Random(24 * 8, 1))
            .Initializer("w2", [20, 24, 3, 3], Weights.Random(20 * 24 * 9, 2))
            .Node("Conv", ["x", "w1"], ["a"])
            .Node("Conv", ["a", "w2"], ["y"])
            .Output("y");
        Steps(model).ShouldHaveSingleItem();
        Check(model, UsualError);
    }

    [Fact]
    public void ActivationAndResidualAreFused()
    {
        ModelBuilder model = Convolution(2, 32, 14, 13, 32, [1, 1, 1, 1], "first")
            .Initializer("w2", [32, 32, 3, 3], Weights.Random(32 * 32 * 9, 3))
            .Node("Relu", ["first"], ["a"])
            .Node("Conv", ["a", "w2"], ["second"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Add", ["second", "a"], ["sum"])
            .Node("Relu", ["sum"], ["y"])
            .Output("y");
        Steps(model).Length.ShouldBe(2);
        ScheduleCheck.Steps(model).OfType<ElementwiseStep>().ShouldBeEmpty();
        Check(model, UsualError);
    }

    [Fact]
    public void CostlyActivationIsFused()
    {
        ModelBuilder model = Convolution(1, 32, 14, 13, 24, [1, 1, 1, 1], "conv")
            .Node("Sigmoid", ["conv"], ["gate"])
            .Node("Mul", ["conv", "gate"], ["y"])
            .Output("y");
        Steps(model).ShouldHaveSingleItem();
        ScheduleCheck.Steps(model).OfType<ElementwiseStep>().ShouldBeEmpty();
        Check(model, UsualError);
    }

    [Fact]
    public void OneValuePerPixelIsAnOperandOfTheEpilogue()
    {
        ModelBuilder model = Convolution(1, 32, 14, 14, 32, [1, 1, 1, 1], "conv")
            .Input("mask", OnnxDataType.Float, 1, 1, 14, 14)
            .Node("Mul", ["conv", "mask"], ["y"])
            .Output("y");
        Steps(model).ShouldHaveSingleItem();
        Check(model, UsualError);
    }

    [Fact]
    public void WritesIntoAJoinedBuffer()
    {
        ModelBuilder model = Convolution(1, 32, 14, 14, 32, [1, 1, 1, 1], "left")
            .Initializer("w2", [48, 32, 3, 3], Weights.Random(48 * 32 * 9, 3))
            .Node("Conv", ["x", "w2"], ["right"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Concat", ["left", "right"], ["y"], ("axis", 1L))
            .Output("y");
        Steps(model).Length.ShouldBe(2);
        Check(model, UsualError);
    }

    /// <summary>The whole arena but the live buffers is NaN between the steps: nothing may read or write beyond its own memory.</summary>
    [Fact]
    public void StaysInItsMemory()
    {
        ModelBuilder model = Convolution(1, 40, 13, 11, 40, [1, 1, 1, 1]).Output("y");
        CompiledModel compiled = CompiledModel.Compile(model.ToBytes(), "auto", new CompilerOptions { CheckedArena = true });
        compiled.Result.Plan!.Schedule.Steps.OfType<WinogradStep>().ShouldNotBeEmpty();
        compiled.Run(ErrorCheck.Inputs(OperatorCheck.Import(model.ToBytes())))[0].Floats().ToArray().ShouldAllBe(static v => float.IsFinite(v));
    }

    [Theory]
    [InlineData(1, 3, 32, 32, 16, 3, 1, 1, 1)]
    [InlineData(1, 32, 32, 32, 32, 3, 3, 1, 1)]
    [InlineData(1, 32, 32, 32, 32, 5, 2, 1, 1)]
    [InlineData(1, 32, 32, 32, 32, 3, 2, 2, 1)]
    [InlineData(1, 32, 32, 32, 32, 3, 2, 1, 2)]
    [InlineData(1, 8, 64, 64, 16, 3, 2, 1, 1)]
    [InlineData(1, 32, 32, 32, 32, 3, 1, 12, 1)]
    [InlineData(1, 32, 32, 32, 32, 7, 1, 1, 1)]
    [InlineData(1, 32, 2, 2, 32, 3, 1, 1, 1)]
    public void OtherConvolutionsStayDirect(int n, int c, int h, int w, int m, int kernel, int stride, int dilation, int groups) => Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, n, c, h, w)
        .Initializer("w", [m, c / groups, kernel, kernel], Weights.Random(m * c / groups * kernel * kernel, 1))
        .Node("Conv", ["x", "w"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { stride, stride }), ("dilations", new long[] { dilation, dilation }), ("group", groups))
        .Output("y")).ShouldBeEmpty();

    [Fact]
    public void CanBeSwitchedOff()
    {
        byte[] model = Convolution(1, 32, 28, 28, 32, [1, 1, 1, 1]).Output("y").ToBytes();
        CompiledModel.Compile(model).Result.Plan!.Schedule.Steps.OfType<WinogradStep>().ShouldNotBeEmpty();
        IReadOnlyList<Step> direct = CompiledModel.Compile(model, "auto", new CompilerOptions { Winograd = false }).Result.Plan!.Schedule.Steps;
        direct.OfType<WinogradStep>().ShouldBeEmpty();
        direct.OfType<ContractionStep>().ShouldHaveSingleItem();
    }

    /// <summary>Work is counted as that of the direct sum, so that rates of both kernels compare.</summary>
    [Fact]
    public void WorkDoesNotDependOnTheAlgorithm()
    {
        byte[] model = Convolution(2, 24, 14, 14, 48, [1, 1, 1, 1]).Output("y").ToBytes();
        long Work(bool winograd) => CompiledModel.Compile(model, "auto", new CompilerOptions { Winograd = winograd }).Result.Plan!.Schedule.Steps.Sum(static s => s.MultiplyAdds);
        Work(true).ShouldBe(Work(false));
    }

    /// <summary>Large maps take the large tile, small ones with many channels the small tile.</summary>
    [Theory]
    [InlineData(3, 64, 4, 56, 56, 4)]
    [InlineData(3, 16, 1, 32, 32, 4)]
    [InlineData(3, 512, 32, 7, 7, 2)]
    [InlineData(3, 512, 32, 28, 28, 2)]
    [InlineData(5, 32, 4, 28, 28, 2)]
    [InlineData(5, 8, 1, 14, 14, 2)]
    public void TileFitsTheLayer(int taps, int channels, int blocks, int rows, int columns, int outputs) =>
        WinogradChoice.Choose(Simd.V512, RealWinogradTransform.For(taps), channels, blocks, rows, columns)!.Transform.Outputs.ShouldBe(outputs);

    /// <summary>Narrower vectors have smaller register tiles, which walk weights that only the last cache holds more often: they take longer strips.</summary>
    [Fact]
    public void StripsAreThoseOfTheWidestVectors()
    {
        static int Tiles(Simd simd) => WinogradChoice.Choose(simd, RealWinogradTransform.For(3), 512, 32, 28, 28)!.Tiling.Tiles;
        Tiles(Simd.V256).ShouldBeGreaterThan(Tiles(Simd.V512));
    }

    /// <summary>Few channels do not pay for the transforms of windows of 25 taps; wider windows have none.</summary>
    [Theory]
    [InlineData(5, 2, 1)]
    [InlineData(7, 64, 4)]
    [InlineData(1, 64, 4)]
    public void OtherLayersStayDirect(int taps, int channels, int blocks) => WinogradChoice.Choose(Simd.V512, RealWinogradTransform.For(taps), channels, blocks, 28, 28).ShouldBeNull();

    /// <summary>Windows of 5×5: whole blocks of channels, parts and half of one, odd maps, every side padded differently.</summary>
    [Theory]
    [InlineData(1, 16, 32, 32, 16, 2, 2, 2, 2)]
    [InlineData(1, 8, 14, 14, 16, 2, 2, 2, 2)]
    [InlineData(2, 8, 15, 13, 20, 1, 2, 2, 0)]
    [InlineData(1, 40, 9, 17, 33, 2, 0, 1, 3)]
    [InlineData(1, 64, 7, 7, 96, 2, 2, 2, 2)]
    public void WindowsOfFive(int n, int c, int h, int w, int m, int top, int left, int bottom, int right)
    {
        ModelBuilder model = Convolution(n, c, h, w, m, [top, left, bottom, right], kernel: 5).Output("y");
        Steps(model).ShouldHaveSingleItem();
        Check(model, UsualError);
    }

    /// <summary>Windows of stride 2: even and odd maps, tiles of every size, parts of blocks, every side padded differently.</summary>
    [Theory]
    [InlineData(1, 64, 80, 80, 64, 1, 1, 1, 1, "F(4×4")]
    [InlineData(1, 64, 33, 34, 64, 1, 1, 1, 1, "F(3×3")]
    [InlineData(1, 32, 64, 57, 40, 0, 0, 1, 1, null)]
    [InlineData(2, 40, 29, 31, 56, 0, 1, 2, 0, null)]
    [InlineData(1, 96, 20, 19, 96, 1, 1, 1, 1, null)]
    [InlineData(1, 130, 20, 12, 144, 1, 0, 0, 1, null)]
    [InlineData(1, 128, 16, 12, 192, 1, 1, 1, 1, null)]
    public void WindowsOfStrideTwo(int n, int c, int h, int w, int m, int top, int left, int bottom, int right, string? tile)
    {
        ModelBuilder model = Convolution(n, c, h, w, m, [top, left, bottom, right], "conv", stride: 2)
            .Node("Relu", ["conv"], ["y"])
            .Output("y");
        Steps(model).ShouldHaveSingleItem().Kernel.ShouldContain(tile ?? "stride 2");
        Check(model, UsualError);
    }

    /// <summary>Taps between the others meet one input each: the points they are share their weights.</summary>
    [Theory]
    [InlineData(0, 5, 4)]
    [InlineData(1, 7, 5)]
    [InlineData(2, 9, 6)]
    public void PointsOfStrideTwoShareWeights(int index, int points, int panels)
    {
        RealWinogradTransform transform = RealWinogradTransform.For(3, 2)[index];
        (transform.Points, transform.Panels).ShouldBe((points, panels));
        var middle = new double[transform.PanelCount];
        transform.TransformWeights([0, 0, 0, 0, 1, 0, 0, 0, 0], middle);
        middle.ShouldBe([.. new double[transform.PanelCount - 1], 1]);
    }

    /// <summary>Windows of 2×2, and the phases of transposed convolutions, which are such windows: odd maps, parts of blocks, cut and added outputs.</summary>
    [Theory]
    [InlineData(1, 64, 32, 32, 64)]
    [InlineData(2, 40, 15, 21, 56)]
    [InlineData(1, 128, 10, 7, 96)]
    public void WindowsOfTwo(int n, int c, int h, int w, int m)
    {
        ModelBuilder model = Convolution(n, c, h, w, m, [1, 0, 0, 1], kernel: 2).Output("y");
        Steps(model).ShouldHaveSingleItem().Kernel.ShouldContain("2×2)");
        Check(model, UsualError);
    }

    [Theory]
    [InlineData(1, 96, 16, 12, 64, 1, 1, 0, 4)]
    [InlineData(1, 192, 8, 6, 96, 1, 1, 0, 4)]
    [InlineData(2, 40, 15, 13, 24, 0, 0, 0, 4)]
    [InlineData(1, 64, 14, 17, 48, 1, 2, 1, 4)]
    public void PhasesOfTransposedConvolutions(int n, int c, int h, int w, int m, int before, int after, int extra, int steps)
    {
        ModelBuilder model = Transposed(n, c, h, w, m, kernel: 4, groups: 1, before, after, extra)
            .Node("Relu", ["conv"], ["y"])
            .Output("y");
        Steps(model).Length.ShouldBe(steps);
        ScheduleCheck.Steps(model).OfType<ContractionStep>().ShouldBeEmpty();
        Check(model, UsualError);
    }

    /// <summary>Phases of one tap, few channels and groups.</summary>
    [Theory]
    [InlineData(64, 3, 1)]
    [InlineData(64, 2, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(64, 4, 2)]
    public void OtherTransposedConvolutionsStayDirect(int channels, int kernel, int groups) =>
        Steps(Transposed(1, channels, 12, 12, 64, kernel, groups, 0, 0, 0).Output("conv")).Length.ShouldBe(kernel == 3 ? 1 : 0);

    /// <summary>At most 8 outputs in the last block: their products are half the work, alone, with other blocks and in a smaller group in the end.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(150)]
    public void HalfABlockIsHalfTheWork(int outputs)
    {
        ModelBuilder model = Convolution(1, 32, 18, 20, outputs, [1, 1, 1, 1]).Output("y");
        Steps(model).ShouldHaveSingleItem().MultiplyAdds.ShouldBe(18L * 20 * 32 * 9 * ((outputs + 7) / 8 * 8));
        Check(model, UsualError);
    }

    /// <summary>Threads share strips, or channels where the map is one strip.</summary>
    [Theory]
    [InlineData(64, 56, 1)]
    [InlineData(256, 7, 2)]
    public void ThreadsHaveUnitsToShare(int channels, int size, int steps)
    {
        WinogradStep[] winograd = ScheduleCheck.Steps(Convolution(1, channels, size, size, channels, [1, 1, 1, 1]).Output("y")).OfType<WinogradStep>().ToArray();
        winograd.Length.ShouldBe(steps);
        winograd.ShouldAllBe(static s => s.ParallelExtent(Simd.V512).Maximum >= 2);
    }

    /// <summary>Scratch memory does not grow with the map.</summary>
    [Theory]
    [InlineData(64, 640, 640)]
    [InlineData(16, 32, 4096)]
    [InlineData(2048, 16, 16)]
    public void ScratchIsBounded(int channels, int rows, int columns)
    {
        if (WinogradChoice.Choose(Simd.V512, RealWinogradTransform.For(3), channels, 4, rows, columns) is { } choice)
        {
            (long points, long products, long lines) = Winograd.ScratchLengths(choice.Transform, choice.Tiling, channels);
            (points + products + lines).ShouldBeLessThanOrEqualTo(640 * 1024 / 4);
        }
    }

    /// <summary>The transforms of tile and weights give the sums of the definition, in exact arithmetic up to rounding of doubles.</summary>
    [Theory]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(5, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public void WeightsAreTransformedInDoublePrecision(int taps, int index)
    {
        RealWinogradTransform transform = RealWinogradTransform.For(taps)[index];
        var constant = new double[transform.Products];
        transform.TransformWeights(Enumerable.Repeat(1f, taps * taps).ToArray(), constant);
        var impulse = new double[transform.Products];
        transform.TransformWeights([.. new float[(taps * taps) - 1], 1], impulse);
        impulse[^1].ShouldBe(1);
        constant[^1].ShouldBe(1);
        constant[0].ShouldBe(Math.Pow(constant[transform.Points - 1], 2), 1e-15);
    }

    /// <summary>The promised bound holds for a chain of layers with many channels, whose errors add up.</summary>
    [Fact]
    public void ErrorOfAChainIsWithinTheBound()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 64, 12, 12);
        string value = "x";
        for (int i = 0; i < 4; i++)
        {
            model.Initializer($"w{i}", [64, 64, 3, 3], Weights.Random(64 * 64 * 9, i).Select(static v => v / 7).ToArray())
                .Node("Conv", [value, $"w{i}"], [$"c{i}"], ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Relu", [$"c{i}"], [$"r{i}"]);
            value = $"r{i}";
        }

        model.Output(value);
        Steps(model).Length.ShouldBe(4);
        Check(model, PromisedError / 10);
    }

    private static ModelBuilder Convolution(int n, int c, int h, int w, int m, long[] pads, string output = "y", int kernel = 3, int stride = 1) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, n, c, h, w)
        .Initializer("w", [m, c, kernel, kernel], Weights.Random(m * c * kernel * kernel, 1))
        .Initializer("b", [m], Weights.Random(m, 2))
        .Node("Conv", ["x", "w", "b"], [output], ("pads", pads), ("strides", new long[] { stride, stride }));

    private static ModelBuilder Transposed(int n, int c, int h, int w, int m, int kernel, int groups, int before, int after, int extra) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, n, c, h, w)
        .Initializer("w", [c, m / groups, kernel, kernel], Weights.Random(c * m / groups * kernel * kernel, 1))
        .Initializer("b", [m], Weights.Random(m, 2))
        .Node(
            "ConvTranspose",
            ["x", "w", "b"],
            ["conv"],
            ("strides", new long[] { 2, 2 }),
            ("pads", new long[] { before, before, after, after }),
            ("output_padding", new long[] { extra, extra }),
            ("group", groups));

    /// <summary>The Winograd convolutions of a model; one of two stages counts once.</summary>
    private static WinogradStep[] Steps(ModelBuilder model) => ScheduleCheck.Steps(model).OfType<WinogradStep>().Where(static s => s.MultiplyAdds > 0).ToArray();

    /// <summary>Compares all vector widths, one of them on several threads, with the interpreter; the error is relative to the largest output.</summary>
    private static void Check(ModelBuilder model, double error)
    {
        byte[] bytes = model.ToBytes();
        Graph graph = OperatorCheck.Import(bytes);
        Tensor[] inputs = ErrorCheck.Inputs(graph);
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(graph, inputs);
        double largest = expected[0].Floats().ToArray().Max(static v => Math.Abs((double)v));
        OperatorCheck.RunOn(bytes, graph, inputs, expected, relative: 0, absolute: error * largest);
    }
}
