using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class ParallelConvolutionsTests
{
    /// <summary>A window is written kernel, padding, stride, dilation.</summary>
    [Theory]
    [InlineData(1, new long[] { 3, 1, 1, 1 }, new long[] { 1, 0, 1, 1 })]
    [InlineData(2, new long[] { 1, 0, 2, 1 }, new long[] { 3, 1, 2, 1 })]
    [InlineData(1, new long[] { 3, 1, 1, 1 }, new long[] { 3, 1, 1, 1 })]
    [InlineData(4, new long[] { 5, 2, 2, 1 }, new long[] { 3, 1, 2, 1 })]
    [InlineData(1, new long[] { 3, 2, 1, 2 }, new long[] { 1, 0, 1, 1 })]
    [InlineData(1, new long[] { 1, 0, 3, 1 }, new long[] { 1, 0, 3, 2 })]
    public void BranchesBecomeOneConvolution(int groups, long[] left, long[] right)
    {
        ModelBuilder model = Model(groups, groups, left, right);
        PassCheck.Operators(PassCheck.Run(model, new ParallelConvolutions(), new DeadCode())).ShouldBe("Conv");
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>Branches join one after the other, but not to a window of more taps than both.</summary>
    [Fact]
    public void SumsOfSeveral()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4, 9, 8)
            .Initializer("w3", [6, 4, 3, 3], Weights.Random(216, 1))
            .Initializer("w1", [6, 4, 1, 1], Weights.Random(24, 2))
            .Initializer("w5", [6, 4, 5, 1], Weights.Random(120, 3))
            .Initializer("b", [6], Weights.Random(6, 4))
            .Node("Conv", ["x", "w3"], ["a"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Conv", ["x", "w1", "b"], ["c"])
            .Node("Conv", ["x", "w5", "b"], ["d"], ("pads", new long[] { 2, 0, 2, 0 }))
            .Node("Add", ["a", "c"], ["e"])
            .Node("Add", ["d", "e"], ["y"])
            .Output("y");
        PassCheck.Operators(PassCheck.Run(model, new ParallelConvolutions(), new DeadCode())).ShouldBe("Conv, Conv, Add");
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>Other groups or spacing.</summary>
    [Theory]
    [InlineData(1, 2, new long[] { 3, 1, 1, 1 }, new long[] { 1, 0, 1, 1 })]
    [InlineData(1, 1, new long[] { 3, 2, 1, 2 }, new long[] { 3, 1, 1, 1 })]
    public void KeepsBranchesThatDoNotJoin(int leftGroups, int rightGroups, long[] left, long[] right) =>
        PassCheck.Run(Model(leftGroups, rightGroups, left, right), new ParallelConvolutions()).Nodes.Count(static n => n.Is("Conv")).ShouldBe(2);

    [Fact]
    public void KeepsWhatIsReadElsewhere() => PassCheck.Run(
        Model(1, 1, [3, 1, 1, 1], [1, 0, 1, 1]).Output("a"),
        new ParallelConvolutions()).Nodes.Count(static n => n.Is("Conv")).ShouldBe(2);

    private static ModelBuilder Model(int leftGroups, int rightGroups, long[] left, long[] right)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 2, 4, 10, 10);
        model = Branch(model, "a", leftGroups, left, 1);
        model = Branch(model, "b", rightGroups, right, 2);
        return model.Node("Add", ["a", "b"], ["y"]).Output("y");
    }

    private static ModelBuilder Branch(ModelBuilder model, string name, int groups, long[] window, int seed) => model
        .Initializer($"{name}.w", [8, 4 / groups, window[0], window[0]], Weights.Random((int)(32 / groups * window[0] * window[0]), seed))
        .Initializer($"{name}.b", [8], Weights.Random(8, seed + 2))
        .Node(
            "Conv",
            ["x", $"{name}.w", $"{name}.b"],
            [name],
            ("group", (long)groups),
            ("pads", Enumerable.Repeat(window[1], 4).ToArray()),
            ("strides", Enumerable.Repeat(window[2], 2).ToArray()),
            ("dilations", Enumerable.Repeat(window[3], 2).ToArray()));
}
