using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class IdentityRemovalTests
{
    [Fact]
    public void RemovesWhatChangesNothing()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 2, 3)
                .Initializer("zero", [1], 0f)
                .Initializer("shape", [2], 2L, -1L)
                .Node("Relu", ["x"], ["a"])
                .Node("Add", ["zero", "a"], ["b"])
                .Node("Concat", ["b"], ["c"], ("axis", 1))
                .Node("Reshape", ["c", "shape"], ["y"])
                .Output("y"),
            new IdentityRemoval(),
            new OperatorSimplification());

        PassCheck.Operators(graph).ShouldBe("Relu");
        graph.Outputs[0].Value.Name.ShouldBe("y");
    }

    [Fact]
    public void AnOutputMayBecomeAnInput()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Concat", ["x"], ["y"], ("axis", 0)).Output("y"),
            new IdentityRemoval());

        graph.Nodes.ShouldBeEmpty();
        graph.Outputs[0].Name.ShouldBe("y");
        graph.Inputs[0].Name.ShouldBe("x");
    }

    [Fact]
    public void KeepsAnAdditionThatBroadcasts() => PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 3)
            .Initializer("zeros", [2, 3], 0f, 0f, 0f, 0f, 0f, 0f)
            .Node("Add", ["x", "zeros"], ["y"])
            .Output("y"),
        new IdentityRemoval()).Nodes.Count.ShouldBe(1);
}
