using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class CommonSubexpressionsTests
{
    [Fact]
    public void MergesEqualNodesOverEqualConstants()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 2, 3)
                .Initializer("c1", [3], 1f, 2f, 3f)
                .Initializer("c2", [3], 1f, 2f, 3f)
                .Node("Add", ["x", "c1"], ["a"])
                .Node("Add", ["x", "c2"], ["b"])
                .Node("Add", ["a", "b"], ["y"])
                .Output("a")
                .Output("b")
                .Output("y"),
            new CommonSubexpressions());

        PassCheck.Operators(graph).ShouldBe("Add, Add");
        graph.Outputs[0].Value.ShouldBeSameAs(graph.Outputs[1].Value);
        graph.Outputs[1].Name.ShouldBe("b");
    }

    [Theory]
    [InlineData(new[] { 1f, 2f, 4f })]
    [InlineData(new[] { 1f, 2f, -3f })]
    public void KeepsNodesOverOtherConstants(float[] other) => PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Initializer("c1", [3], 1f, 2f, 3f)
            .Initializer("c2", [3], other)
            .Node("Add", ["x", "c1"], ["a"])
            .Node("Add", ["x", "c2"], ["b"])
            .Node("Add", ["a", "b"], ["y"])
            .Output("y"),
        new CommonSubexpressions()).Nodes.Count.ShouldBe(3);

    [Fact]
    public void KeepsNodesWithOtherAttributes() => PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 2)
            .Node("Concat", ["x", "x"], ["a"], ("axis", 0))
            .Node("Concat", ["x", "x"], ["b"], ("axis", 1))
            .Output("a")
            .Output("b"),
        new CommonSubexpressions()).Nodes.Count.ShouldBe(2);
}
