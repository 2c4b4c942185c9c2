using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering.Tuning;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Depthwise convolutions by minimal filtering along the rows: results, error, and where it is chosen.</summary>
public sealed class RowFilterTests
{
    private const double UsualError = 2e-6;

    /// <summary>Whole blocks of channels, parts and half of one; odd and even rows and columns; every side padded differently.</summary>
    [Theory]
    [InlineData(3, 1, 16, 14, 14, 1, 1, 1, 1)]
    [InlineData(3, 1, 32, 7, 7, 1, 1, 1, 1)]
    [InlineData(3, 2, 24, 13, 9, 1, 1, 1, 1)]
    [InlineData(3, 1, 5, 11, 17, 0, 1, 2, 0)]
    [InlineData(3, 1, 41, 9, 12, 0, 0, 0, 0)]
    [InlineData(3, 3, 20, 5, 8, 2, 2, 1, 2)]
    [InlineData(3, 1, 16, 4, 2, 1, 1, 1, 1)]
    [InlineData(5, 1, 16, 14, 14, 2, 2, 2, 2)]
    [InlineData(5, 2, 40, 13, 9, 2, 2, 2, 2)]
    [InlineData(5, 1, 24, 7, 9, 1, 2, 3, 0)]
    public void EdgesChannelsAndPads(int kernel, int n, int c, int h, int w, int top, int left, int bottom, int right)
    {
        ModelBuilder model = Depthwise(kernel, n, c, h, w, [top, left, bottom, right]).Output("y");
        IsFiltered(model).ShouldBeTrue();
        ErrorCheck.RelativeToLargest(model).ShouldBeLessThan(UsualError);
        ErrorCheck.RelativeToLargest(Depthwise(kernel, n, c, h, w, [top, left, bottom, right], bias: false).Output("y")).ShouldBeLessThan(UsualError);
    }

    /// <summary>Several rows of strips of a chain, in a ring or not, with and without half a block.</summary>
    [Theory]
    [InlineData(3, 24, 40, 20, 26, 29, 1)]
    [InlineData(3, 16, 32, 16, 56, 56, 1)]
    [InlineData(3, 24, 24, 52, 25, 5, 1)]
    [InlineData(3, 8, 20, 20, 40, 112, 1)]
    [InlineData(3, 24, 56, 20, 27, 30, 2)]
    [InlineData(5, 24, 40, 20, 26, 29, 1)]
    [InlineData(5, 16, 56, 24, 30, 31, 2)]
    public void ChainsOfRows(int kernel, int inputs, int channels, int outputs, int height, int width, int batch)
    {
        ModelBuilder model = Chain(kernel, inputs, channels, outputs, height, width, batch, "Relu").Output("y");
        ScheduleCheck.Steps(model).OfType<RowChainStep>().ShouldHaveSingleItem();
        IsFiltered(model).ShouldBeTrue();
        ErrorCheck.RelativeToLargest(model).ShouldBeLessThan(UsualError);
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("HardSwish")]
    [InlineData("Softplus")]
    [InlineData("Tanh")]
    public void ActivationsAndResidualsAreFused(string function)
    {
        ModelBuilder model = Depthwise(3, 2, 40, 14, 13, [1, 1, 1, 1], "c")
            .Input("r", OnnxDataType.Float, 2, 40, 14, 13)
            .Node("Add", ["c", "r"], ["sum"])
            .Node(function, ["sum"], ["y"])
            .Output("y");
        IsFiltered(model).ShouldBeTrue();
        ScheduleCheck.Steps(model).OfType<ElementwiseStep>().ShouldBeEmpty();
        ErrorCheck.RelativeToLargest(model).ShouldBeLessThan(UsualError);
        ErrorCheck.RelativeToLargest(Chain(3, 24, 40, 20, 26, 29, 1, function).Output("y")).ShouldBeLessThan(UsualError);
    }

    /// <summary>The whole arena but the live buffers is NaN between the steps: nothing may read or write beyond its own memory.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void StaysInItsMemory(int kernel)
    {
        foreach (ModelBuilder model in new[] { Depthwise(kernel, 1, 40, 13, 11, [1, 1, 1, 1]).Output("y"), Chain(kernel, 24, 40, 20, 27, 29, 1, "Relu").Output("y") })
        {
            CompiledModel compiled = CompiledModel.Compile(model.ToBytes(), "auto", new CompilerOptions { CheckedArena = true });
            compiled.Run(ErrorCheck.Inputs(compiled.Graph))[0].Floats().ToArray().ShouldAllBe(static v => float.IsFinite(v));
        }
    }

    /// <summary>Shares of threads begin and end at any row, so that others are computed together: every output has the same bits.</summary>
    [Theory]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    public void BitsDoNotDependOnTheNumberOfThreads(int kernel, bool chain)
    {
        byte[] bytes = (chain ? Chain(kernel, 24, 40, 20, 27, 29, 1, "Relu") : Depthwise(kernel, 1, 16, 27, 29, [1, 1, 1, 1])).Output("y").ToBytes();
        CompiledModel model = CompiledModel.Compile(bytes, "x86-64-v4", new CompilerOptions { ShareEverything = true });
        Tensor[] inputs = ErrorCheck.Inputs(model.Graph);
        IReadOnlyList<Tensor> expected = model.Run(inputs);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            model.RunThreaded(threads, runs: 5, inputs).ShouldEqualBits(expected, $"{threads} threads");
        }
    }

    [Theory]
    [InlineData(3, 2, 1, 14, 14)]
    [InlineData(3, 1, 2, 14, 14)]
    [InlineData(7, 1, 1, 14, 14)]
    [InlineData(3, 1, 1, 14, 1)]
    [InlineData(3, 1, 1, 1, 14)]
    public void OthersStayDirect(int kernel, int stride, int dilation, int height, int width)
    {
        int pad = kernel / 2 * dilation;
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 32, height, width)
            .Initializer("w", [32, 1, kernel, kernel], Weights.Random(32 * kernel * kernel, 1))
            .Node("Conv", ["x", "w"], ["y"], ("pads", new long[] { pad, pad, pad, pad }), ("strides", new long[] { stride, stride }), ("dilations", new long[] { dilation, dilation }), ("group", 32))
            .Output("y");
        IsFiltered(model).ShouldBeFalse();
    }

    /// <summary>Narrow vectors have registers for the direct sum only, and where a program chooses among widths each has its own way.</summary>
    [Theory]
    [InlineData("x86-64-v4", true, 1)]
    [InlineData("x86-64-v3", false, 1)]
    [InlineData("baseline", false, 1)]
    [InlineData("arm64", false, 1)]
    [InlineData("auto", true, 2)]
    public void OnlyWideVectorsFilter(string isa, bool filtered, int weights)
    {
        byte[] model = Depthwise(3, 1, 32, 14, 14, [1, 1, 1, 1], bias: false).Output("y").ToBytes();
        CompilationResult result = CompiledModel.Compile(model, isa).Result;
        string.Concat(result.Sources.Select(static s => s.Text)).Contains("instead of 6", StringComparison.Ordinal).ShouldBe(filtered);
        result.Plan!.Weights.Count.ShouldBe(weights);
    }

    [Fact]
    public void CanBeSwitchedOff()
    {
        ModelBuilder model = Chain(3, 24, 40, 20, 26, 29, 1, "Relu").Output("y");
        IsFiltered(model).ShouldBeTrue();
        IsFiltered(model, new CompilerOptions { Winograd = false }).ShouldBeFalse();
    }

    [Theory]
    [InlineData("direct", false)]
    [InlineData("minimal filtering", true)]
    public void MeasurementsDecide(string choice, bool filtered)
    {
        ModelBuilder model = Depthwise(3, 1, 32, 14, 14, [1, 1, 1, 1]).Output("y");
        const string Layer = "depthwise convolution 3×3 of 1×32, 14×14 outputs, 14 rows at a time";
        var table = new TuningTable { VectorBits = 512, Layers = new([new TunedLayer(Layer, choice)]) };
        IsFiltered(model, new CompilerOptions { Isa = TargetIsa.TryParse("x86-64-v4")!, Tuning = table }).ShouldBe(filtered);
    }

    /// <summary>A single row transforms as many inputs as it saves products; so do outputs of few columns that fill no tiles.</summary>
    [Theory]
    [InlineData(3, 3, 14, 14, 1, true)]
    [InlineData(3, 3, 2, 14, 1, true)]
    [InlineData(3, 3, 1, 14, 0, false)]
    [InlineData(3, 3, 4, 3, 1, false)]
    [InlineData(3, 1, 8, 14, 0, false)]
    [InlineData(5, 5, 4, 14, 1, true)]
    public void ItHasToPay(int taps, int windowRows, int rows, int positions, int functions, bool pays) =>
        RowFilterChoice.Pays(RowFilter.For(taps)!, windowRows, rows, positions, functions).ShouldBe(pays);

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(4, 4, 0)]
    [InlineData(5, 4, 1)]
    [InlineData(6, 3, 0)]
    [InlineData(7, 4, 3)]
    [InlineData(12, 4, 0)]
    public void RowsFormGroups(int rows, int group, int left) => RowFilterChoice.Groups(rows).ShouldBe((group, left));

    /// <summary>Each output of a tile is the sum of its taps.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void ProductsAddUpToTheTaps(int taps)
    {
        RowFilter filter = RowFilter.For(taps)!;
        var weights = new double[filter.Products.Count];
        for (int tap = 0; tap < taps; tap++)
        {
            filter.TransformWeights(Enumerable.Range(0, taps).Select(i => i == tap ? 1f : 0f).ToArray(), weights);
            for (int input = 0; input <= taps; input++)
            {
                double Of(FilterSum sum, bool shared) => Enumerable.Range(0, weights.Length)
                    .Where(i => filter.Products[i].Sum == sum && i < filter.Shared == shared)
                    .Sum(i => weights[i] * Factor(filter.Products[i], input));
                double first = Of(FilterSum.First, shared: true);
                double second = Of(FilterSum.Second, shared: true);
                (first + second + Of(FilterSum.First, shared: false)).ShouldBe(input == tap ? 1 : 0);
                (first - second + Of(FilterSum.Second, shared: false)).ShouldBe(input == tap + 1 ? 1 : 0);
            }
        }

        static int Factor(FilterProduct product, int input) => (product.Input == input ? 1 : 0)
            + (product.Operation != ' ' && product.Other == input ? (product.Operation == '+' ? 1 : -1) : 0);
    }

    private static bool IsFiltered(ModelBuilder model, CompilerOptions? options = null) => ModelCompiler
        .Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, options ?? new CompilerOptions())
        .Sources.Any(static s => s.Text.Contains("neighbouring outputs take", StringComparison.Ordinal));

    private static ModelBuilder Depthwise(int kernel, int n, int c, int h, int w, long[] pads, string output = "y", bool bias = true)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, n, c, h, w)
            .Initializer("w", [c, 1, kernel, kernel], Weights.Random(c * kernel * kernel, 1));
        return (bias ? model.Initializer("b", [c], Weights.Random(c, 2)) : model)
            .Node("Conv", bias ? ["x", "w", "b"] : ["x", "w"], [output], ("pads", pads), ("group", c));
    }

    private static ModelBuilder Chain(int kernel, int inputs, int channels, int outputs, int height, int width, int batch, string function) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, batch, inputs, height, width)
        .Initializer("w1", [channels, inputs, 1, 1], Weights.Random(channels * inputs, 1))
        .Initializer("b1", [channels], Weights.Random(channels, 2))
        .Node("Conv", ["x", "w1", "b1"], ["a"])
        .Node("Relu", ["a"], ["expanded"])
        .Initializer("w2", [channels, 1, kernel, kernel], Weights.Random(channels * kernel * kernel, 3))
        .Initializer("b2", [channels], Weights.Random(channels, 4))
        .Node("Conv", ["expanded", "w2", "b2"], ["b"], ("group", channels), ("pads", Enumerable.Repeat((long)kernel / 2, 4).ToArray()))
        .Node(function, ["b"], ["filtered"])
        .Initializer("w3", [outputs, channels, 1, 1], Weights.Random(outputs * channels, 5))
        .Node("Conv", ["filtered", "w3"], ["y"]);
}
