using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Factors of channels go into the weights of the 1×1 convolution behind them, where that are fewer numbers than the map has.</summary>
public sealed class GatedInputTests
{
    [Theory]
    [InlineData(32, 24, 20, 21, 1)]
    [InlineData(40, 40, 17, 23, 2)]
    public void WeightsTakeTheFactors(int channels, int outputs, int height, int width, int stride)
    {
        ModelBuilder model = Model(channels, outputs, height, width, stride).Node("Relu", ["c"], ["y"]).Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is ScaledPanelsStep).ShouldBe(1);
        ScheduleCheck.Steps(model).Count(static s => s is ElementwiseStep).ShouldBe(0);
    }

    /// <summary>Factors that come from elsewhere in the plain layout.</summary>
    [Fact]
    public void FactorsMayBeAnInput()
    {
        ModelBuilder model = BlockedModels.Start(24, 18, 19)
            .Input("s", OnnxDataType.Float, 24, 1, 1)
            .Node("Mul", ["s", "b"], ["m"])
            .Initializer("v", [16, 24, 1, 1], Weights.Random(384, 3))
            .Node("Conv", ["m", "v"], ["y"])
            .Output("y")
            .Output("b");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is ScaledPanelsStep).ShouldBe(1);
    }

    /// <summary>Small maps, further readers, larger windows, and several images, each of which has its own factors.</summary>
    [Theory]
    [InlineData(5, 1, 1, false)]
    [InlineData(24, 1, 2, false)]
    [InlineData(24, 3, 1, false)]
    [InlineData(24, 1, 1, true)]
    public void OtherMapsAreMultiplied(int size, int kernel, int batch, bool isShared)
    {
        ModelBuilder model = Model(32, 48, size, size, 1, kernel, batch).Output("c");
        model = isShared ? model.Output("m") : model;
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is ScaledPanelsStep).ShouldBe(0);
    }

    private static ModelBuilder Model(int channels, int outputs, int height, int width, int stride, int kernel = 1, int batch = 1) => BlockedModels.Start(channels, height, width, batch)
        .Node("GlobalAveragePool", ["b"], ["g"])
        .Initializer("w1", [8, channels, 1, 1], Weights.Random(8 * channels, 1))
        .Node("Conv", ["g", "w1"], ["g1"])
        .Node("Relu", ["g1"], ["g2"])
        .Initializer("w2", [channels, 8, 1, 1], Weights.Random(8 * channels, 2))
        .Node("Conv", ["g2", "w2"], ["g3"])
        .Node("HardSigmoid", ["g3"], ["s"])
        .Node("Mul", ["b", "s"], ["m"])
        .Initializer("w3", [outputs, channels, kernel, kernel], Weights.Random(outputs * channels * kernel * kernel, 3))
        .Node("Conv", ["m", "w3"], ["c"], ("strides", new long[] { stride, stride }));
}
