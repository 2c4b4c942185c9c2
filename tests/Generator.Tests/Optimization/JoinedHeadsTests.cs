using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class JoinedHeadsTests
{
    private const int Channels = 32;
    private const int Height = 7;
    private const int Width = 5;

    /// <summary>Heads of one, four and more channels, alone and with a depthwise convolution behind them; together they leave, fill and exceed a block.</summary>
    [Theory]
    [InlineData(1, 4, 10, false)]
    [InlineData(1, 5, 10, true)]
    [InlineData(2, 3, 20, true)]
    [InlineData(1, 1, 14, true)]
    public void HeadsBecomeOneConvolution(int first, int second, int third, bool depthwise)
    {
        ModelBuilder model = Heads(depthwise, first, second, third);
        Graph graph = PassCheck.Run(model, new JoinedHeads(), new DeadCode());
        graph.Nodes.Count(static n => n.Operator.Name == "Conv").ShouldBe(depthwise ? 2 : 1);
        graph.Nodes.Last(static n => n.Operator.Name == "Conv").Output.Shape[1].ShouldBe(first + second + third);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>A part of one full block is read where it lies.</summary>
    [Fact]
    public void PartsOfOneBlockAreCopiedOnce() =>
        ScheduleCheck.Steps(Heads(true, 1, 5, 10)).Count(static s => s.Kernel.StartsWith("copy NC/16", System.StringComparison.Ordinal)).ShouldBe(0);

    /// <summary>The same function between two convolutions of each head is computed once, with other ones the heads end before them.</summary>
    [Theory]
    [InlineData("Relu", "Relu", 2)]
    [InlineData("Relu", "Tanh", 4)]
    public void FunctionsBetweenConvolutionsAreJoinedToo(string first, string second, int convolutions)
    {
        ModelBuilder model = Source();
        foreach ((string name, string function) in new[] { ("a", first), ("b", second) })
        {
            Branch(model, name, 3, 1);
            model.Node(function, [name], [$"{name}.f"]);
            Depthwise(model, $"{name}.f", $"{name}.d", 3);
            model.Node("Transpose", [$"{name}.d"], [$"{name}.y"], ("perm", new long[] { 0, 2, 3, 1 })).Output($"{name}.y");
        }

        Graph graph = PassCheck.Run(model, new JoinedHeads(), new DeadCode());
        graph.Nodes.Count(static n => n.Operator.Name == "Conv").ShouldBe(convolutions);
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>A branch that goes on in blocks of channels would have to be copied into them.</summary>
    [Fact]
    public void KeepsBranchesThatGoOn()
    {
        ModelBuilder model = Heads(false, 1, 4);
        model.Initializer("v", [16, 4, 3, 3], Weights.Random(16 * 4 * 9, 9)).Node("Conv", ["c1", "v"], ["more"]).Output("more");
        Unchanged(model);
    }

    [Fact]
    public void KeepsConvolutionsOfOtherWindows()
    {
        ModelBuilder model = Source();
        Branch(model, "a", 3, 1);
        Branch(model, "b", 3, 3);
        Unchanged(model.Output("a").Output("b"));
    }

    /// <summary>Whole blocks gain nothing.</summary>
    [Theory]
    [InlineData(16, 32)]
    [InlineData(8, 150)]
    public void KeepsConvolutionsThatFillTheirBlocks(int first, int second) => Unchanged(Heads(false, first, second));

    [Fact]
    public void KeepsConvolutionsOfDifferentValues()
    {
        ModelBuilder model = Source().Node("Relu", ["x"], ["r"]);
        Branch(model, "a", 3, 1);
        Branch(model, "b", 3, 1, "r");
        Unchanged(model.Output("a").Output("b"));
    }

    private static void Unchanged(ModelBuilder model)
    {
        string operators = PassCheck.Operators(PassCheck.Run(model, new JoinedHeads()));
        operators.ShouldNotContain("Slice");
        operators.Split(", ").Count(static o => o == "Conv").ShouldBeGreaterThan(1);
    }

    private static ModelBuilder Source() => new ModelBuilder().Input("x", OnnxDataType.Float, 1, Channels, Height, Width);

    /// <summary>Heads that end in a function and channels last, in fewer dimensions, or as an output.</summary>
    private static ModelBuilder Heads(bool depthwise, params int[] channels)
    {
        ModelBuilder model = Source();
        for (int i = 0; i < channels.Length; i++)
        {
            string head = $"c{i}";
            Branch(model, head, channels[i], 1);
            if (depthwise)
            {
                Depthwise(model, head, $"d{i}", channels[i]);
                head = $"d{i}";
            }

            _ = i switch
            {
                0 => model.Node("Sigmoid", [head], ["s"]).Node("Flatten", ["s"], ["flat"]).Output("flat"),
                1 => model.Node("Transpose", [head], ["last"], ("perm", new long[] { 0, 2, 3, 1 })).Output("last"),
                _ => model.Output(head),
            };
        }

        return model;
    }

    private static void Branch(ModelBuilder model, string name, int channels, int kernel, string source = "x") => model
        .Initializer($"{name}.w", [channels, Channels, kernel, kernel], Weights.Random(channels * Channels * kernel * kernel, channels))
        .Initializer($"{name}.b", [channels], Weights.Random(channels, 3))
        .Node("Conv", [source, $"{name}.w", $"{name}.b"], [name], ("pads", Enumerable.Repeat((long)kernel / 2, 4).ToArray()));

    private static void Depthwise(ModelBuilder model, string source, string name, int channels) => model
        .Initializer($"{name}.w", [channels, 1, 3, 3], Weights.Random(channels * 9, channels))
        .Node("Conv", [source, $"{name}.w"], [name], ("group", channels), ("pads", new long[] { 1, 1, 1, 1 }));
}
