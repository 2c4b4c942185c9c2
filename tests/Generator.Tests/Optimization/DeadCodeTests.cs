using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class DeadCodeTests
{
    [Fact]
    public void RemovesChainsThatNobodyReads() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3)
            .Node("Relu", ["x"], ["a"])
            .Node("Add", ["a", "a"], ["b"])
            .Node("Add", ["x", "x"], ["y"])
            .Output("y"),
        new DeadCode())).ShouldBe("Add");

    [Fact]
    public void KeepsOutputs() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3)
            .Node("Relu", ["x"], ["a"])
            .Node("Add", ["a", "a"], ["y"])
            .Output("a")
            .Output("y"),
        new DeadCode())).ShouldBe("Relu, Add");
}
