using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class ReshapeCleaningTests
{
    [Fact]
    public void JoinsReshapingNodes() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3, 1)
            .Initializer("axes", [1], 0L)
            .Initializer("shape", [2], 3L, 2L)
            .Node("Flatten", ["x"], ["a"])
            .Node("Unsqueeze", ["a", "axes"], ["b"])
            .Node("Reshape", ["b", "shape"], ["y"])
            .Output("y"),
        new ReshapeCleaning(),
        new DeadCode())).ShouldBe("Reshape");

    [Fact]
    public void MovesReshapesBehindElementwiseNodes()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 6, 4)
                .Initializer("shape", [3], 2L, 3L, 4L)
                .Initializer("bias", [1, 1, 4], 1f, 2f, 3f, 4f)
                .Initializer("two", [], 2f)
                .Node("Reshape", ["x", "shape"], ["a"])
                .Node("Relu", ["a"], ["b"])
                .Node("Mul", ["two", "b"], ["c"])
                .Node("Add", ["c", "bias"], ["y"])
                .Output("y"),
            new ReshapeCleaning(),
            new DeadCode());

        PassCheck.Operators(graph).ShouldBe("Relu, Mul, Add, Reshape");
        graph.Nodes[^1].Output.Name.ShouldBe("y");
    }

    [Fact]
    public void KeepsAReshapeBeforeAnOperandThatNeedsIt() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6, 4)
            .Initializer("shape", [3], 2L, 3L, 4L)
            .Initializer("bias", [3, 1], 1f, 2f, 3f)
            .Node("Reshape", ["x", "shape"], ["a"])
            .Node("Add", ["a", "bias"], ["y"])
            .Output("y"),
        new ReshapeCleaning())).ShouldBe("Reshape, Add");

    [Theory]
    [InlineData(new long[] { 2, 3 }, "ReduceMean, Reshape")]
    [InlineData(new long[] { 1, 2 }, "ReduceMean")]
    public void SpatialReductionsKeepTheirDimensions(long[] axes, string expected) => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder(opset: 17)
            .Input("x", OnnxDataType.Float, 1, 3, 4, 5)
            .Node("ReduceMean", ["x"], ["y"], ("axes", axes), ("keepdims", 0))
            .Output("y"),
        new ReshapeCleaning())).ShouldBe(expected);
}
