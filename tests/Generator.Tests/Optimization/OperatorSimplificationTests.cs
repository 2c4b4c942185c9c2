using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class OperatorSimplificationTests
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
            new OperatorSimplification());

        PassCheck.Operators(graph).ShouldBe("Relu");
        graph.Outputs[0].Value.Name.ShouldBe("y");
    }

    [Fact]
    public void AnOutputMayBecomeAnInput()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Concat", ["x"], ["y"], ("axis", 0)).Output("y"),
            new OperatorSimplification());

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
        new OperatorSimplification()).Nodes.Count.ShouldBe(1);

    [Theory]
    [InlineData(4f, "Mul")]
    [InlineData(-0.125f, "Mul")]
    [InlineData(3f, "Div")]
    [InlineData(0f, "Div")]
    public void QuotientsByPowersOfTwoAreProducts(float divisor, string expected) => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Initializer("c", [], divisor)
            .Node("Div", ["x", "c"], ["y"])
            .Output("y"),
        new OperatorSimplification())).ShouldBe(expected);

    /// <summary>The position of the largest element is that of the largest probability, in the same slice only.</summary>
    [Theory]
    [InlineData("Softmax", "ArgMax", 1, 1, "ArgMax")]
    [InlineData("LogSoftmax", "ArgMin", 2, -1, "ArgMin")]
    [InlineData("Softmax", "ArgMax", 1, 2, "Softmax, ArgMax")]
    [InlineData("Hardmax", "ArgMin", 1, 1, "Hardmax, ArgMin")]
    public void PositionsAreFoundBeforeASoftmax(string softmax, string op, int softmaxAxis, int axis, string expected)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 5, 4)
            .Node(softmax, ["x"], ["p"], ("axis", softmaxAxis))
            .Node(op, ["p"], ["y"], ("axis", axis))
            .Output("y");
        PassCheck.Operators(PassCheck.Run(model, new OperatorSimplification(), new DeadCode())).ShouldBe(expected);
        OperatorCheck.Run(model);
    }
}
