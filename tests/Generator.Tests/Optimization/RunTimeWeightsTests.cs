using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class RunTimeWeightsTests
{
    [Theory]
    [InlineData(1, 3, new long[] { 3, 3 }, new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 1, 1, 1, 1 })]
    [InlineData(2, 3, new long[] { 3, 2 }, new long[] { 2, 1 }, new long[] { 1, 2 }, new long[] { 0, 1, 2, 0 })]
    [InlineData(2, 6, new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 1, 1 }, new long[] { 1, 1, 1, 1 })]
    [InlineData(1, 2, new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 0, 0, 0, 0 })]
    [InlineData(2, 2, new long[] { 5 }, new long[] { 2 }, new long[] { 1 }, new long[] { 2, 2 })]
    [InlineData(1, 1, new long[] { 2, 3, 2 }, new long[] { 1, 1, 2 }, new long[] { 1, 1, 1 }, new long[] { 0, 1, 0, 1, 1, 1 })]
    public void OneProductOfMatricesPerGroup(int batch, int groups, long[] kernel, long[] strides, long[] dilations, long[] pads)
    {
        ModelBuilder model = Model(batch, groups, kernel, strides, dilations, pads);
        PassCheck.Run(model, new RunTimeWeights()).Nodes.Count(static n => n.Is("MatMul")).ShouldBe(1);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>Groups that fill blocks keep the convolution's own kernel; a bias of run time is added behind it.</summary>
    [Theory]
    [InlineData(6, 12, 1, new long[] { 3, 3 }, new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 1, 1, 1, 1 })]
    [InlineData(16, 24, 1, new long[] { 3, 2 }, new long[] { 2, 1 }, new long[] { 1, 2 }, new long[] { 0, 1, 2, 0 })]
    [InlineData(32, 48, 1, new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 0, 0, 0, 0 })]
    [InlineData(64, 32, 2, new long[] { 3, 3 }, new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 1, 1, 1, 1 })]
    [InlineData(20, 37, 1, new long[] { 5 }, new long[] { 2 }, new long[] { 1 }, new long[] { 2, 2 })]
    public void WeightsAreBroughtIntoPanels(int inputs, int outputs, int groups, long[] kernel, long[] strides, long[] dilations, long[] pads)
    {
        int[] cells = [.. new[] { 9, 8 }.Take(kernel.Length)];
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, [2, inputs, .. cells])
            .Input("w", OnnxDataType.Float, [outputs, inputs / groups, .. kernel.Select(static k => (int)k)])
            .Input("b", OnnxDataType.Float, outputs)
            .Node("Conv", ["x", "w", "b"], ["c"], ("group", (long)groups), ("strides", strides), ("dilations", dilations), ("pads", pads))
            .Node("Relu", ["c"], ["y"])
            .Output("y");
        PassCheck.Operators(PassCheck.Run(model, new RunTimeWeights())).ShouldBe("Conv, Reshape, Add, Relu");
        OperatorCheck.Run(model, absolute: 1e-3);
    }

    [Fact]
    public void ConstantWeightsKeepTheirKernels() => PassCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, 1, 2, 5, 5).Initializer("w", [3, 2, 3, 3], Weights.Random(54, 1)).Node("Conv", ["x", "w"], ["y"]).Output("y"),
        new RunTimeWeights()).Nodes.Single().Is("Conv").ShouldBeTrue();

    /// <summary>As many steps as taps would be more code than plain loops are worth.</summary>
    [Fact]
    public void LargeKernelsStay()
    {
        ModelBuilder model = Model(1, 2, [13, 10], [1, 1], [1, 1], [6, 5, 6, 4]);
        PassCheck.Run(model, new RunTimeWeights()).Nodes.Single().Is("Conv").ShouldBeTrue();
        OperatorCheck.Run(model, absolute: 1e-3);
    }

    private static ModelBuilder Model(int batch, int groups, long[] kernel, long[] strides, long[] dilations, long[] pads)
    {
        int[] cells = [.. new[] { 9, 8, 7 }.Take(kernel.Length)];
        int[] taps = [.. kernel.Select(static k => (int)k)];
        return new ModelBuilder()
            .Input("x", OnnxDataType.Float, [batch, 6, .. cells])
            .Input("w", OnnxDataType.Float, [12, 6 / groups, .. taps])
            .Input("b", OnnxDataType.Float, 12)
            .Node("Conv", ["x", "w", "b"], ["y"], ("group", (long)groups), ("strides", strides), ("dilations", dilations), ("pads", pads))
            .Output("y");
    }
}
