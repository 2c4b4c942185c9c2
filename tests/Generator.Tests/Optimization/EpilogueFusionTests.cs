using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class EpilogueFusionTests
{
    [Fact]
    public void FusesChainsAndKeepsTheLastName()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 2, 3)
                .Input("r", OnnxDataType.Float, 3)
                .Node("Relu", ["x"], ["a"])
                .Node("Add", ["r", "a"], ["b"])
                .Node("Relu", ["b"], ["y"])
                .Output("y"),
            new EpilogueFusion());

        PassCheck.Operators(graph).ShouldBe("Relu+Add+Relu");
        graph.Nodes[0].Output.Name.ShouldBe("y");
        graph.Nodes[0].EpilogueOperands.ShouldBe([graph.Inputs[1]]);
    }

    [Fact]
    public void FusesDiamonds() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Node("Add", ["x", "x"], ["a"])
            .Node("Relu", ["a"], ["b"])
            .Node("Add", ["b", "a"], ["c"])
            .Node("Add", ["b", "c"], ["y"])
            .Output("y"),
        new EpilogueFusion())).ShouldBe("Add+Relu+Add+Add");

    [Fact]
    public void BranchesBecomeOneProgram()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 2, 3)
                .Input("z", OnnxDataType.Float, 2, 3)
                .Node("Relu", ["x"], ["first"])
                .Node("Add", ["z", "z"], ["second"])
                .Node("Add", ["second", "first"], ["y"])
                .Output("y"),
            new EpilogueFusion());

        PassCheck.Operators(graph).ShouldBe("Relu+Add+Add");
    }

    [Fact]
    public void KeepsWhatIsReadElsewhereOrEnlarged()
    {
        Graph graph = PassCheck.Run(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 3)
                .Input("wide", OnnxDataType.Float, 2, 3)
                .Node("Relu", ["x"], ["a"])
                .Node("Add", ["a", "wide"], ["b"])
                .Node("Relu", ["b"], ["c"])
                .Output("b")
                .Output("c"),
            new EpilogueFusion());

        PassCheck.Operators(graph).ShouldBe("Relu, Add, Relu");
    }

    [Fact]
    public void LongChainsStayBounded()
    {
        var model = new ModelBuilder().Input("x0", OnnxDataType.Float, 3);
        for (int i = 0; i < 40; i++)
        {
            model.Node("Add", [$"x{i}", $"x{i}"], [$"x{i + 1}"]);
        }

        Graph graph = PassCheck.Run(model.Output("x40"), new EpilogueFusion());

        graph.Nodes.Count.ShouldBe(3);
        graph.Nodes.ShouldAllBe(static n => n.Epilogue!.Instructions.Count <= 16);
    }
}
