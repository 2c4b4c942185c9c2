using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Lowering;

/// <summary>Values leave the channel blocks where that costs least.</summary>
public sealed class EndsPlainTests
{
    [Fact]
    public void EnlargedMapsThatAreOutputs() => Check(Enlarged(5).Output("r"), blocked: false);

    [Fact]
    public void EnlargedMapsWhoseLargestChannelIsWanted() =>
        Check(Enlarged(21).Node("ArgMax", ["r"], ["y"], ("axis", 1)).Output("y"), blocked: false);

    [Fact]
    public void EnlargedMapsBehindFunctionsAndFurtherSizes() => Check(
        Enlarged(5).Node("Sigmoid", ["r"], ["f"]).Node("Resize", ["f", "", "s"], ["g"]).Node("Mul", ["g", "half"], ["y"]).Initializer("half", [], [0.5f]).Output("y"),
        blocked: false);

    [Fact]
    public void MapsThatShrinkAreCopiedBehind() =>
        Check(Enlarged(5, scale: 0.5f).Output("r"), blocked: true);

    [Fact]
    public void ConvolutionsBehindWantBlocks() =>
        Check(Enlarged(5).Node("Relu", ["r"], ["f"]).Node("Conv", ["f", "w"], ["y"]).Output("y"), blocked: true);

    /// <summary>One reader that wants blocks is enough, also if it is not known yet whether its other input has them.</summary>
    [Fact]
    public void WhatIsJoinedWithBlocksWantsThem() => Check(
        Enlarged(16)
            .Node("Resize", ["b", "", "s"], ["q"], ("mode", "linear"))
            .Node("Conv", ["q", "w"], ["o"])
            .Node("Concat", ["r", "o"], ["y"], ("axis", 1))
            .Output("r")
            .Output("y"),
        blocked: true);

    [Fact]
    public void SumsWithBlocksWantThem() =>
        Check(Enlarged(5).Node("Resize", ["b", "", "s"], ["q"]).Node("Conv", ["q", "w"], ["o"]).Node("Add", ["r", "o"], ["y"]).Output("y"), blocked: true);

    /// <summary>Each value is asked once, however many ask for it: a chain of 60 functions would take 2⁶⁰ questions.</summary>
    [Fact]
    public void ChainsAreWalkedOnce()
    {
        ModelBuilder model = Enlarged(5);
        for (int i = 0; i < 60; i++)
        {
            model.Node(i % 2 == 0 ? "Sin" : "Cos", [i == 0 ? "r" : $"f{i}"], [$"f{i + 1}"]);
        }

        Check(model.Node("Conv", ["f60", "w"], ["y"]).Output("y"), blocked: true);
    }

    private static ModelBuilder Enlarged(int channels, float scale = 2) => BlockedModels.Start(channels, 6, 8)
        .Initializer("s", [4], [1f, 1f, scale, scale])
        .Node("Resize", ["b", "", "s"], ["r"], ("mode", "linear"));

    private static void Check(ModelBuilder model, bool blocked)
    {
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
        Graph graph = OperatorCheck.Import(model.ToBytes());
        LayoutQuery.Assign(graph).IsBlocked(graph.Nodes.SelectMany(static n => n.Outputs).Single(static v => v.Name == "r")).ShouldBe(blocked);
    }
}
