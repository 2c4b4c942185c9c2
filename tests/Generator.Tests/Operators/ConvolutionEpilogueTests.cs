using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Functions that cost too much to be written for every register of a tile run on the tile's sums all the same.</summary>
public sealed class ConvolutionEpilogueTests
{
    [Theory]
    [InlineData(1, 20, 9, 11, 40, 1, 1, 1)]
    [InlineData(2, 3, 13, 15, 33, 3, 2, 1)]
    [InlineData(1, 37, 14, 14, 37, 3, 1, 37)]
    [InlineData(1, 24, 5, 6, 48, 1, 1, 4)]
    public void OneStepPerConvolution(int n, int c, int h, int w, int m, int kernel, int stride, int groups)
    {
        ModelBuilder model = Convolution(n, c, h, w, m, kernel, stride, groups)
            .Node("Sigmoid", ["a"], ["gate"])
            .Node("Mul", ["a", "gate"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is ElementwiseStep).ShouldBe(0);
    }

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Softplus")]
    [InlineData("Mish")]
    [InlineData("Elu")]
    public void ResidualsAndScalesMayFollow(string function)
    {
        ModelBuilder model = Convolution(1, 18, 8, 7, 18, 3, 1, 1)
            .Node(function, ["a"], ["f"])
            .Initializer("scale", [18, 1, 1], Weights.Random(18, 3))
            .Node("Mul", ["f", "scale"], ["d"])
            .Node("Add", ["d", "x"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is ElementwiseStep).ShouldBe(0);
    }

    [Fact]
    public void TransposedConvolutions()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 12, 5, 6)
            .Initializer("w", [12, 20, 3, 3], Weights.Random(12 * 20 * 9, 1))
            .Node("ConvTranspose", ["x", "w"], ["a"], ("strides", new long[] { 2, 2 }))
            .Node("Sigmoid", ["a"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s is ElementwiseStep).ShouldBe(0);
    }

    private static ModelBuilder Convolution(int n, int c, int h, int w, int m, int kernel, int stride, int groups)
    {
        int pad = kernel / 2;
        return new ModelBuilder()
            .Input("x", OnnxDataType.Float, n, c, h, w)
            .Initializer("w", [m, c / groups, kernel, kernel], Weights.Random(m * (c / groups) * kernel * kernel, 1))
            .Initializer("b", [m], Weights.Random(m, 2))
            .Node("Conv", ["x", "w", "b"], ["a"], ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }), ("group", groups));
    }
}
