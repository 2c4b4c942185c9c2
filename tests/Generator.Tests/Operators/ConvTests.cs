using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ConvTests
{
    [Theory]
    [InlineData(1, 3, 17, 13, 20, 3, 1, 1, 1, 1)]
    [InlineData(1, 16, 14, 14, 32, 3, 1, 1, 1, 1)]
    [InlineData(2, 24, 9, 9, 40, 1, 1, 0, 1, 1)]
    [InlineData(1, 32, 7, 7, 70, 1, 1, 0, 1, 1)]
    [InlineData(1, 20, 11, 10, 33, 5, 2, 2, 1, 1)]
    [InlineData(1, 8, 12, 12, 16, 3, 1, 2, 2, 1)]
    [InlineData(1, 1, 28, 28, 8, 3, 1, 0, 1, 1)]
    [InlineData(1, 32, 8, 8, 64, 3, 2, 1, 1, 2)]
    [InlineData(1, 32, 9, 7, 32, 3, 1, 1, 1, 32)]
    [InlineData(1, 21, 15, 15, 21, 5, 2, 2, 1, 21)]
    [InlineData(1, 12, 8, 8, 24, 3, 1, 1, 1, 4)]
    [InlineData(1, 12, 8, 8, 24, 3, 1, 1, 1, 12)]
    [InlineData(1, 48, 6, 6, 96, 1, 1, 0, 1, 3)]
    [InlineData(1, 64, 6, 6, 36, 1, 1, 0, 1, 4)]
    [InlineData(2, 144, 5, 6, 144, 1, 1, 0, 1, 4)]
    [InlineData(1, 80, 7, 5, 60, 3, 1, 1, 1, 4)]
    public void TwoDimensional(int n, int c, int h, int w, int m, int kernel, int stride, int pad, int dilation, int groups) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, n, c, h, w)
            .Initializer("w", [m, c / groups, kernel, kernel], Weights.Random(m * (c / groups) * kernel * kernel, 1))
            .Initializer("b", [m], Weights.Random(m, 2))
            .Node("Conv", ["x", "w", "b"], ["y"], ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }), ("dilations", new long[] { dilation, dilation }), ("group", groups))
            .Output("y"),
        absolute: 1e-4);

    /// <summary>Groups that do not fill blocks: only blocks with channels of two groups read both.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    public void GroupsThatDoNotFillBlocksReadTheirOwnInputs(bool blocked, int kernel)
    {
        int taps = kernel * kernel;
        ModelBuilder model = (blocked ? BlockedModels.Start(144, 4, 4) : new ModelBuilder().Input("b", OnnxDataType.Float, 1, 144, 4, 4))
            .Initializer("g", [144, 36, kernel, kernel], Weights.Random(144 * 36 * taps, 1))
            .Node("Conv", ["b", "g"], ["y"], ("group", 4), ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }))
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-3);

        // A group has 36 inputs. Of the nine blocks of outputs three have channels of two groups, and read the inputs of both.
        ScheduleCheck.Steps(model).Last(static s => s is ContractionStep).MultiplyAdds.ShouldBe(16L * 16 * taps * ((6 * 36) + (3 * 72)));
    }

    [Theory]
    [InlineData(1, 64, 1, 7)]
    [InlineData(3, 32, 5, 5)]
    [InlineData(6, 128, 2, 9)]
    [InlineData(8, 64, 7, 17)]
    public void FewOutputsAreSummedByInputLanes(int outputs, int inputs, int kernel, int width)
    {
        ModelBuilder model = FewOutputs(outputs, inputs, kernel, width);
        OperatorCheck.Run(model, absolute: 1e-3);
        ScheduleCheck.Steps(model).ShouldContain(static s => s.Kernel.StartsWith("contraction by input lanes", System.StringComparison.Ordinal));
    }

    /// <summary>Too many outputs, too short sums, or lanes that hold no channel.</summary>
    [Theory]
    [InlineData(9, 256, 1, 7)]
    [InlineData(4, 32, 1, 7)]
    [InlineData(2, 72, 3, 7)]
    public void OtherOutputsAreLanes(int outputs, int inputs, int kernel, int width)
    {
        ModelBuilder model = FewOutputs(outputs, inputs, kernel, width);
        OperatorCheck.Run(model, absolute: 1e-3);
        ScheduleCheck.Steps(model).ShouldNotContain(static s => s.Kernel.StartsWith("contraction by input lanes", System.StringComparison.Ordinal));
    }

    /// <summary>Sums by input lanes stay, and a function of three channels is computed for no empty lanes; behind more channels it is part of the convolution.</summary>
    [Theory]
    [InlineData(1, 64, 3, true)]
    [InlineData(6, 128, 2, true)]
    [InlineData(3, 32, 1, true)]
    [InlineData(5, 32, 1, false)]
    [InlineData(16, 64, 3, false)]
    public void CostlyFunctionsAreAPassBehindFewOutputs(int outputs, int inputs, int kernel, bool apart)
    {
        ModelBuilder model = BlockedModels.Start(inputs, 9, 11)
            .Initializer("few", [outputs, inputs, kernel, kernel], Weights.Random(outputs * inputs * kernel * kernel, 1))
            .Node("Conv", ["b", "few"], ["c"], ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }))
            .Node("Tanh", ["c"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        IReadOnlyList<Step> steps = ScheduleCheck.Steps(model);
        steps.Any(static s => s is ElementwiseStep { Writes: [{ Layout.IsBlocked: false }] }).ShouldBe(apart);
        steps.Any(static s => s.Kernel.StartsWith("contraction by input lanes", System.StringComparison.Ordinal)).ShouldBe(apart && inputs > 32);
    }

    private static ModelBuilder FewOutputs(int outputs, int inputs, int kernel, int width) => BlockedModels.Start(inputs, 4, width)
        .Initializer("few", [outputs, inputs, kernel, kernel], Weights.Random(outputs * inputs * kernel * kernel, 1))
        .Initializer("shift", [outputs], Weights.Random(outputs, 2))
        .Initializer("factor", [outputs, 1, 1], Weights.Random(outputs, 3))
        .Node("Conv", ["b", "few", "shift"], ["c"], ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }))
        .Node("Relu", ["c"], ["d"])
        .Node("Mul", ["d", "factor"], ["e"])
        .Node("Sigmoid", ["e"], ["y"])
        .Output("e")
        .Output("y");

    /// <summary>Of a last block with at most 8 real outputs only half is computed, beside whole blocks in one tile or alone.</summary>
    [Theory]
    [InlineData(24, 32, 1, 1, 24)]
    [InlineData(8, 20, 3, 1, 8)]
    [InlineData(36, 24, 5, 1, 40)]
    [InlineData(104, 16, 1, 1, 104)]
    [InlineData(40, 40, 3, 40, 40)]
    [InlineData(24, 48, 1, 2, 24)]
    [InlineData(25, 32, 1, 1, 32)]
    [InlineData(32, 32, 1, 1, 32)]
    public void HalfBlocksAreHalfTheWork(int outputs, int inputs, int kernel, int groups, int computed)
    {
        int terms = inputs / groups * kernel * kernel;
        ModelBuilder model = BlockedModels.Start(inputs, 3, 17)
            .Initializer("half", [outputs, inputs / groups, kernel, kernel], Weights.Random(outputs * terms, 1))
            .Initializer("shift", [outputs], Weights.Random(outputs, 2))
            .Node("Conv", ["b", "half", "shift"], ["c"], ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }), ("group", groups))
            .Node("Relu", ["c"], ["d"])
            .Initializer("next", [16, outputs, 1, 1], Weights.Random(outputs * 16, 3))
            .Node("Conv", ["d", "next"], ["e"])
            .Node("Sigmoid", ["c"], ["g"])
            .Node("Mul", ["c", "g"], ["y"])
            .Output("e")
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-3);
        if (groups is 1 || groups == outputs)
        {
            ScheduleCheck.Steps(model, new CompilerOptions { Winograd = false }).ShouldContain(s => s is ContractionStep && s.MultiplyAdds == 3L * 17 * computed * terms);
        }
    }

    /// <summary>Functions that cost much and residuals over half a block.</summary>
    [Theory]
    [InlineData("Tanh")]
    [InlineData("Relu")]
    public void HalfBlocksHaveEpilogues(string function) => OperatorCheck.Run(
        BlockedModels.Start(24, 5, 9)
            .Initializer("half", [24, 24, 1, 1], Weights.Random(576, 1))
            .Node("Conv", ["b", "half"], ["c"])
            .Node("Add", ["c", "b"], ["d"])
            .Node(function, ["d"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    [Fact]
    public void GroupsThatDivideABlockShareItsInputs()
    {
        ModelBuilder model = BlockedModels.Start(32, 4, 4)
            .Initializer("g", [32, 8, 1, 1], Weights.Random(32 * 8, 1))
            .Node("Conv", ["b", "g"], ["y"], ("group", 4))
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-3);
        ScheduleCheck.Steps(model).Last(static s => s is ContractionStep).MultiplyAdds.ShouldBe(16L * 32 * 16);
    }

    [Theory]
    [InlineData("SAME_UPPER", 2)]
    [InlineData("SAME_LOWER", 2)]
    [InlineData("VALID", 1)]
    public void AutoPad(string autoPad, int stride) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 5, 10, 11)
            .Initializer("w", [18, 5, 4, 3], Weights.Random(18 * 5 * 12, 1))
            .Node("Conv", ["x", "w"], ["y"], ("strides", new long[] { stride, 1 }), ("auto_pad", autoPad))
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 4)]
    public void OneDimensional(int stride, int groups) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 20, 33)
            .Initializer("w", [24, 20 / groups, 5], Weights.Random(24 * 20 / groups * 5, 1))
            .Initializer("b", [24], Weights.Random(24, 2))
            .Node("Conv", ["x", "w", "b"], ["y"], ("strides", new long[] { stride }), ("pads", new long[] { 2, 1 }), ("group", groups))
            .Output("y"),
        absolute: 1e-4);

    [Fact]
    public void ThreeDimensional() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4, 5, 6, 7)
            .Initializer("w", [6, 2, 3, 2, 3], Weights.Random(6 * 2 * 18, 1))
            .Node("Conv", ["x", "w"], ["y"], ("pads", new long[] { 1, 0, 1, 1, 1, 1 }), ("group", 2))
            .Output("y"),
        absolute: 1e-4);

    [Fact]
    public void WeightsKnownOnlyAtRunTime() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4, 6, 7)
            .Input("w", OnnxDataType.Float, 6, 4, 3, 3)
            .Node("Conv", ["x", "w"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y"),
        absolute: 1e-4);

    [Fact]
    public void ChainsKeepTheBlockedLayout() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 3, 16, 16)
            .Initializer("w1", [20, 3, 3, 3], Weights.Random(20 * 27, 1))
            .Initializer("w2", [20, 1, 3, 3], Weights.Random(20 * 9, 2))
            .Initializer("w3", [35, 20, 1, 1], Weights.Random(35 * 20, 3))
            .Node("Conv", ["x", "w1"], ["a"], ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", ["a"], ["b"])
            .Node("Conv", ["b", "w2"], ["c"], ("group", 20), ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Add", ["c", "b"], ["d"])
            .Node("Conv", ["d", "w3"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(2, 0, 5)]
    [InlineData(0, 3, 5)]
    [InlineData(2, 3, 0)]
    public void SumsOfNothingAreTheBias(int outputs, int channels, int batch) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, batch, channels, 6)
        .Initializer("w", [outputs, channels, 3], Weights.Random(outputs * channels * 3, 1))
        .Initializer("b", [outputs], Weights.Random(outputs, 2))
        .Node("Conv", ["x", "w", "b"], ["y"], ("pads", new long[] { 1, 2 }))
        .Output("y"));

    [Fact]
    public void WrongChannelsAreRefused() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 4, 6, 7)
        .Initializer("w", [6, 3, 3, 3], Weights.Random(6 * 27, 1))
        .Node("Conv", ["x", "w"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
