using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class ChannelNormalizationFusionTests
{
    [Fact]
    public void RecognisesGroupNormalization()
    {
        Graph graph = Fuse(Model(groups: 3).Node("Add", ["scaled", "summand"], ["y"]).Output("y"));
        PassCheck.Operators(graph).ShouldBe("GroupNormalization");
        Node norm = graph.Nodes.Single();
        norm.Attributes.Int("num_groups", 0).ShouldBe(3);
        norm.Required(1).Constant!.Floats().ToArray().ShouldBe([2f, 4f, 9f, 12f, 20f, 24f]);
        norm.Required(2).Constant!.Floats().ToArray().ShouldBe([1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f]);
    }

    [Fact]
    public void KeepsItsResults() => OperatorCheck.Run(Model(groups: 2).Node("Add", ["scaled", "summand"], ["y"]).Output("y"));

    [Fact]
    public void TakesFactorsIntoInstanceNormalization() => PassCheck.Operators(Fuse(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 2, 5).Initializer("s", [2], 1f, 2f).Initializer("b", [2], 0f, 0f).Initializer("factor", [2, 1], 3f, 4f)
        .Node("InstanceNormalization", ["x", "s", "b"], ["n"]).Node("Mul", ["factor", "n"], ["y"])
        .Output("y"))).ShouldBe("InstanceNormalization");

    /// <summary>A factor per column is none per channel, and another reader needs the result without the factor.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LeavesOtherFactors(bool isRead)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 5, 5).Initializer("s", [5], 1f, 2f, 3f, 4f, 5f).Initializer("b", [5], 0f, 0f, 0f, 0f, 0f)
            .Initializer("factor", isRead ? [5, 1] : [5], 3f, 4f, 5f, 6f, 7f)
            .Node("InstanceNormalization", ["x", "s", "b"], ["n"]).Node("Mul", ["n", "factor"], ["y"])
            .Output("y");
        PassCheck.Operators(Fuse(isRead ? model.Output("n") : model)).ShouldBe("InstanceNormalization, Mul");
    }

    /// <summary>Channels and rows are joined otherwise than in whole channels.</summary>
    [Fact]
    public void LeavesOtherGroups() => PassCheck.Operators(Fuse(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 6, 4, 5).Initializer("s", [4], 1f, 1f, 1f, 1f).Initializer("b", [4], 0f, 0f, 0f, 0f)
        .Initializer("joined", [3], 2L, 4L, 30L).Initializer("whole", [4], 2L, 6L, 4L, 5L)
        .Node("Reshape", ["x", "joined"], ["r"]).Node("InstanceNormalization", ["r", "s", "b"], ["n"]).Node("Reshape", ["n", "whole"], ["y"])
        .Output("y"))).ShouldBe("Reshape, InstanceNormalization, Reshape");

    private static ModelBuilder Model(int groups) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 6, 4, 5)
        .Initializer("s", [groups], Enumerable.Range(0, groups).Select(static g => g + 2f).ToArray())
        .Initializer("b", [groups], Enumerable.Repeat(0f, groups).ToArray())
        .Initializer("joined", [3], 0L, groups, -1L).Initializer("whole", [4], 2L, 6L, 4L, 5L)
        .Initializer("factor", [6, 1, 1], 1f, 2f, 3f, 4f, 5f, 6f)
        .Initializer("summand", [1, 6, 1, 1], 1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f)
        .Node("Reshape", ["x", "joined"], ["r"]).Node("InstanceNormalization", ["r", "s", "b"], ["n"]).Node("Reshape", ["n", "whole"], ["back"])
        .Node("Mul", ["back", "factor"], ["scaled"]);

    private static Graph Fuse(ModelBuilder model) => PassCheck.Run(model, new ChannelNormalizationFusion(), new DeadCode());
}
