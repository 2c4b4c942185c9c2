using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class AffineFoldingTests
{
    [Theory]
    [InlineData("Mul", false)]
    [InlineData("Mul", true)]
    [InlineData("Add", true)]
    [InlineData("Sub", false)]
    [InlineData("Sub", true)]
    [InlineData("Div", false)]
    public void FoldsConstantsPerChannelIntoConv(string op, bool constantFirst)
    {
        Graph graph = PassCheck.Run(
            Convolution(groups: 2)
                .Initializer("c", [4, 1, 1], 0.5f, -2f, 3f, 1.25f)
                .Node(op, constantFirst ? ["c", "y0"] : ["y0", "c"], ["y"])
                .Output("y"),
            new AffineFolding());

        PassCheck.Operators(graph).ShouldBe("Conv");
        graph.Outputs[0].Value.Name.ShouldBe("y");
    }

    [Theory]
    [InlineData("Conv")]
    [InlineData("ConvTranspose")]
    public void FoldsBatchNormalization(string op)
    {
        Graph graph = PassCheck.Run(
            Convolution(groups: op == "Conv" ? 1 : 2, op)
                .Initializer("scale", [4], 0.5f, -2f, 3f, 1.25f)
                .Initializer("bias", [4], 0.5f, 1f, -1f, 0f)
                .Initializer("mean", [4], 0.1f, -0.2f, 0.3f, 2f)
                .Initializer("var", [4], 0.5f, 2f, 3f, 0.01f)
                .Node("BatchNormalization", ["y0", "scale", "bias", "mean", "var"], ["y"])
                .Output("y"),
            new AffineFolding());

        PassCheck.Operators(graph).ShouldBe(op);
    }

    [Theory]
    [InlineData(new long[] { 1, 1, 7 })]
    [InlineData(new long[] { 7, 1 })]
    [InlineData(new long[] { 2, 1, 1, 1 })]
    public void KeepsConstantsThatDifferWithinAChannel(long[] shape) => PassCheck.Operators(PassCheck.Run(
        Convolution(groups: 1, batch: 2)
            .Initializer("c", shape, Numbers((int)shape.Aggregate(1L, static (p, d) => p * d)))
            .Node("Mul", ["y0", "c"], ["y"])
            .Output("y"),
        new AffineFolding())).ShouldBe("Conv, Mul");

    [Fact]
    public void AShiftOfAScalarProductHasNoChannels() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3)
        .Initializer("w", [3], 1f, 2f, 3f)
        .Initializer("b", [], 4f)
        .Node("MatMul", ["x", "w"], ["m"])
        .Node("Add", ["b", "m"], ["y"])
        .Output("y"));

    [Fact]
    public void KeepsAConvolutionThatIsReadElsewhere() => PassCheck.Operators(PassCheck.Run(
        Convolution(groups: 1)
            .Initializer("c", [1], 2f)
            .Node("Mul", ["y0", "c"], ["y"])
            .Output("y0")
            .Output("y"),
        new AffineFolding())).ShouldBe("Conv, Mul");

    [Theory]
    [InlineData(0, "Conv")]
    [InlineData(1, "Mul, Add, Conv")]
    public void FoldsWhatComesBeforeConvWherePaddingAllows(int pad, string expected)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4, 5, 5)
            .Initializer("s", [4, 1, 1], 0.5f, -2f, 3f, 1.25f)
            .Initializer("t", [4, 1, 1], 1f, -2f, 3f, 0f)
            .Initializer("w", [6, 2, 3, 3], Numbers(6 * 2 * 9))
            .Initializer("b", [6], Numbers(6))
            .Node("Mul", ["x", "s"], ["scaled"])
            .Node("Add", ["scaled", "t"], ["shifted"])
            .Node("Conv", ["shifted", "w", "b"], ["y"], ("group", 2), ("pads", new long[] { pad, pad, pad, pad }))
            .Output("y");

        string operators = PassCheck.Operators(PassCheck.Run(model, new AffineFolding()));

        operators.ShouldBe(expected);
    }

    [Fact]
    public void FoldsAScaleBeforeAPaddedConv() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4, 5, 5)
            .Initializer("s", [4, 1, 1], 0.5f, -2f, 3f, 1.25f)
            .Initializer("w", [6, 4, 3, 3], Numbers(6 * 4 * 9))
            .Node("Mul", ["s", "x"], ["scaled"])
            .Node("Conv", ["scaled", "w"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y"),
        new AffineFolding())).ShouldBe("Conv");

    [Theory]
    [InlineData(0, "Mul")]
    [InlineData(1, "Mul")]
    [InlineData(0, "Add")]
    [InlineData(1, "Sub")]
    public void FoldsIntoGemm(int transB, string op) => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Initializer("w", transB == 1 ? [4, 3] : [3, 4], Numbers(12))
            .Initializer("b", [1, 4], Numbers(4))
            .Initializer("c", [4], 0.5f, -2f, 3f, 1.25f)
            .Node("Gemm", ["x", "w", "b"], ["y0"], ("transB", transB), ("alpha", 0.5f), ("beta", 2f))
            .Node(op, ["y0", "c"], ["y"])
            .Output("y"),
        new AffineFolding())).ShouldBe("Gemm");

    [Theory]
    [InlineData("Mul", "MatMul")]
    [InlineData("Add", "MatMul, Add")]
    public void FoldsScalesIntoMatMul(string op, string expected) => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 5, 3)
            .Initializer("w", [3, 4], Numbers(12))
            .Initializer("c", [4], 0.5f, -2f, 3f, 1.25f)
            .Node("MatMul", ["x", "w"], ["y0"])
            .Node(op, ["y0", "c"], ["y"])
            .Output("y"),
        new AffineFolding())).ShouldBe(expected);

    private static ModelBuilder Convolution(int groups, string op = "Conv", int batch = 1) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, batch, 6, 7, 7)
        .Initializer("w", op == "Conv" ? [4, 6 / groups, 3, 3] : [6, 4 / groups, 3, 3], Numbers(24 * 9 / groups))
        .Initializer("b", [4], Numbers(4))
        .Node(op, ["x", "w", "b"], ["y0"], ("group", groups), ("pads", new long[] { 1, 1, 1, 1 }));

    private static float[] Numbers(int count)
    {
        var random = new Random(count);
        return Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1)).ToArray();
    }
}
