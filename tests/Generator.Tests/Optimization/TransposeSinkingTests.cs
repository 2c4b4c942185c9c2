using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class TransposeSinkingTests
{
    private static readonly long[] _toLast = [0, 2, 3, 1];
    private static readonly long[] _toFirst = [0, 3, 1, 2];

    /// <summary>A residual block as a converter from a channels-last framework writes it.</summary>
    [Fact]
    public void ChannelsLastBlocksRunChannelsFirst()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 1, 5, 6, 3)
                .Initializer("w", [3, 3, 1, 1], 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f)
                .Initializer("bias", [3], 1f, -2f, 3f)
                .Node("Transpose", ["x"], ["x1"], ("perm", _toFirst))
                .Node("Conv", ["x1", "w"], ["a1"])
                .Node("Transpose", ["a1"], ["a"], ("perm", _toLast))
                .Node("Add", ["a", "bias"], ["b"])
                .Node("Relu", ["b"], ["c"])
                .Node("Transpose", ["c"], ["c1"], ("perm", _toFirst))
                .Node("Conv", ["c1", "w"], ["d1"])
                .Node("Transpose", ["d1"], ["d"], ("perm", _toLast))
                .Node("Add", ["d", "c"], ["e"])
                .Node("Concat", ["e", "e"], ["f"], ("axis", 3))
                .Node("ReduceMean", ["f"], ["y"], ("axes", new long[] { 1, 2 }), ("keepdims", 0))
                .Output("y"),
            new TransposeSinking(),
            new OperatorSimplification(),
            new ReshapeCleaning(),
            new DeadCode());

        PassCheck.Operators(graph).ShouldBe("Transpose, Conv, Add, Relu, Conv, Add, Concat, ReduceMean, Reshape");
        graph.Outputs[0].Value.Name.ShouldBe("y");
    }

    [Theory]
    [InlineData(1, new long[] { 0, 2 })]
    [InlineData(0, new long[] { 0 })]
    [InlineData(1, new long[] { 1 })]
    public void ReductionsOfAPermutationKeepTheOrderOfWhatIsLeft(int keep, long[] axes) => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder(opset: 17)
            .Input("x", OnnxDataType.Float, 2, 3, 4)
            .Node("Transpose", ["x"], ["a"], ("perm", new long[] { 2, 0, 1 }))
            .Node("ReduceMax", ["a"], ["y"], ("axes", axes), ("keepdims", keep))
            .Output("y"),
        new TransposeSinking(),
        new DeadCode())).ShouldStartWith("ReduceMax");

    [Fact]
    public void KeepsATransposeThatOthersRead() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Node("Transpose", ["x"], ["a"])
            .Node("Relu", ["a"], ["y"])
            .Output("a")
            .Output("y"),
        new TransposeSinking())).ShouldBe("Transpose, Relu");

    [Fact]
    public void KeepsATransposeBesideAnotherOperand() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Input("z", OnnxDataType.Float, 3, 2)
            .Node("Transpose", ["x"], ["a"])
            .Node("Add", ["a", "z"], ["y"])
            .Output("y"),
        new TransposeSinking())).ShouldBe("Transpose, Add");

    /// <summary>A converter's Softmax over channels, which works on the last axis only.</summary>
    [Theory]
    [InlineData("Softmax", 13)]
    [InlineData("LogSoftmax", 11)]
    public void SoftmaxRunsAlongTheAxisThatWasMoved(string softmax, int opset)
    {
        ModelBuilder model = new ModelBuilder(opset)
            .Input("x", OnnxDataType.Float, 2, 3, 4, 5)
            .Node("Transpose", ["x"], ["a"], ("perm", new long[] { 0, 3, 2, 1 }))
            .Node(softmax, ["a"], ["b"], ("axis", 3))
            .Node("Transpose", ["b"], ["y"], ("perm", new long[] { 0, 3, 2, 1 }))
            .Output("y");
        PassCheck.Operators(PassCheck.Run(model, new TransposeSinking(), new OperatorSimplification(), new DeadCode())).ShouldBe(softmax);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void KeepsATransposeBeforeASoftmaxThatOthersRead() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Node("Transpose", ["x"], ["a"])
            .Node("Softmax", ["a"], ["y"])
            .Output("y"),
        new TransposeSinking())).ShouldBe("Transpose, Softmax");
}
