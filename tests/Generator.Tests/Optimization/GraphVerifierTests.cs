using System;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;
namespace AotCompiler.Tests.Optimization;

public sealed class GraphVerifierTests
{
    [Fact]
    public void AcceptsAnImportedGraph() => GraphVerifier.Verify(Sum(), "import");

    [Fact]
    public void RefusesWrongShapes()
    {
        Graph graph = Sum();
        graph.Nodes[0].Output.Shape = new Shape(9);
        Should.Throw<InvalidOperationException>(() => GraphVerifier.Verify(graph, "a pass")).Message.ShouldContain("a pass left a broken graph");
    }

    [Fact]
    public void RefusesRemovedProducers()
    {
        Graph graph = Sum();
        graph.Nodes[0].Remove();
        graph.Sort();
        Should.Throw<InvalidOperationException>(() => GraphVerifier.Verify(graph, "a pass")).Message.ShouldContain("not made before");
    }

    [Fact]
    public void RefusesTwoValuesOfOneName()
    {
        Graph graph = Sum();
        graph.Nodes[0].Output.Name = "y";
        Should.Throw<InvalidOperationException>(() => GraphVerifier.Verify(graph, "a pass")).Message.ShouldContain("name");
    }

    private static Graph Sum() => OperatorCheck.Import(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3)
        .Node("Relu", ["x"], ["a"])
        .Node("Add", ["a", "x"], ["y"])
        .Output("y")
        .ToBytes());
}
