using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class InstanceNormalizationTests
{
    [Theory]
    [InlineData(new long[] { 2, 3, 5, 7 })]
    [InlineData(new long[] { 1, 4, 33 })]
    [InlineData(new long[] { 2, 3, 2, 3, 4 })]
    public void NormalisesChannels(long[] shape) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, shape).Input("s", OnnxDataType.Float, shape[1]).Input("b", OnnxDataType.Float, shape[1])
        .Input("d", OnnxDataType.Double, shape).Input("ds", OnnxDataType.Double, shape[1]).Input("db", OnnxDataType.Double, shape[1])
        .Node("InstanceNormalization", ["x", "s", "b"], ["y"])
        .Node("InstanceNormalization", ["d", "ds", "db"], ["e"], ("epsilon", 0.01f))
        .Output("y").Output("e"));

    /// <summary>Behind a convolution it stays in blocks of channels and takes what follows with it.</summary>
    [Theory]
    [InlineData(new long[] { 2, 5, 9, 11 }, 20, true)]
    [InlineData(new long[] { 1, 16, 4, 33 }, 32, false)]
    [InlineData(new long[] { 2, 17, 23 }, 7, true)]
    public void NormalisesBlocksOfChannels(long[] shape, int outputs, bool constant)
    {
        long[] kernel = shape[2..].Select(static _ => 3L).ToArray();
        long[] pads = [.. kernel.Select(static _ => 1L), .. kernel.Select(static _ => 1L)];
        int taps = kernel.Length == 1 ? 3 : 9;
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, shape)
            .Initializer("w", [outputs, shape[1], .. kernel], Weights.Random((int)(outputs * shape[1] * taps), 1))
            .Initializer("v", [outputs, outputs, .. kernel], Weights.Random(outputs * outputs * taps, 2));
        model = constant
            ? model.Initializer("s", [outputs], Weights.Random(outputs, 3)).Initializer("b", [outputs], Weights.Random(outputs, 4))
            : model.Input("s", OnnxDataType.Float, outputs).Input("b", OnnxDataType.Float, outputs);
        model.Node("Conv", ["x", "w"], ["c"], ("pads", pads))
            .Node("InstanceNormalization", ["c", "s", "b"], ["n"])
            .Node("LeakyRelu", ["n"], ["l"], ("alpha", 0.2f))
            .Node("Add", ["l", "c"], ["a"])
            .Node("Conv", ["a", "v"], ["y"], ("pads", pads))
            .Output("y");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-4);
        IReadOnlyList<Step> steps = ScheduleCheck.Steps(model);
        steps.OfType<ChannelStatisticsStep>().Count().ShouldBe(1);
        steps.OfType<ElementwiseStep>().Count().ShouldBe(1);
    }

    [Fact]
    public void TakesWhatFollowsWithItInRowsToo() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3, 5, 7).Input("r", OnnxDataType.Float, 2, 3, 5, 7).Initializer("s", [3], 1f, -2f, 3f).Initializer("b", [3], 4f, 5f, 6f)
        .Node("InstanceNormalization", ["x", "s", "b"], ["n"])
        .Node("Add", ["n", "r"], ["a"])
        .Node("Relu", ["a"], ["y"])
        .Output("y"));

    /// <summary>A mean of thousands of deviations.</summary>
    [Fact]
    public void StaysPreciseFarFromZero() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 16, 24, 24)
            .Initializer("s", [16], Enumerable.Repeat(1f, 16).ToArray())
            .Initializer("b", [16], new float[16])
            .Initializer("w", [16, 1, 1, 1], Enumerable.Repeat(1f, 16).ToArray())
            .Node("Conv", ["x", "w"], ["c"], ("group", 16))
            .Node("InstanceNormalization", ["c", "s", "b"], ["y"])
            .Output("y"),
        low: 1000,
        high: 1001,
        relative: 1e-3,
        absolute: 1e-3);

    [Fact]
    public void RefusesAScaleThatDoesNotFit() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3, 5).Input("s", OnnxDataType.Float, 2).Input("b", OnnxDataType.Float, 3)
        .Node("InstanceNormalization", ["x", "s", "b"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
