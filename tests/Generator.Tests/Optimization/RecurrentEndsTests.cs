using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators.Recurrent;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class RecurrentEndsTests
{
    private const int Steps = 5;
    private const int Batch = 2;
    private const int Features = 3;
    private const int Hidden = 6;

    /// <summary>One direction walks all steps, the other one a single step; nothing stores the steps.</summary>
    [Theory]
    [InlineData("LSTM", 4, false, -1)]
    [InlineData("LSTM", 4, true, -1)]
    [InlineData("LSTM", 4, false, 0)]
    [InlineData("GRU", 3, false, -1)]
    [InlineData("GRU", 3, true, 0)]
    [InlineData("RNN", 1, false, -1)]
    public void OneOfTwoDirectionsIsASingleStep(string op, int gates, bool batchFirst, int step)
    {
        ModelBuilder model = End(Layer(op, gates, "bidirectional", batchFirst, Steps), batchFirst, step, joined: true).Output("y");
        Graph graph = PassCheck.Run(model, Passes());
        Node[] layers = Layers(graph);
        layers.Select(static n => RecurrentForm.DirectionCount(n)).ShouldBe([1, 1]);
        layers.Select(n => n.Required(0).Shape[batchFirst ? 1 : 0]).OrderBy(static t => t).ShouldBe([1, Steps]);
        layers.ShouldAllBe(static n => n.Output.Uses.Count == 0);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    /// <summary>A direction that ends there gives its last state, one that begins there its first step.</summary>
    [Theory]
    [InlineData("forward", -1, Steps)]
    [InlineData("forward", 0, 1)]
    [InlineData("reverse", 0, Steps)]
    [InlineData("reverse", -1, 1)]
    public void SingleDirections(string direction, int step, int steps)
    {
        ModelBuilder model = End(Layer("LSTM", 4, direction, false, Steps), false, step, joined: false).Output("y");
        Graph graph = PassCheck.Run(model, Passes());
        Layers(graph).Single().Required(0).Shape[0].ShouldBe(steps);
        Layers(graph).Single().Output.Uses.Count.ShouldBe(0);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Fact]
    public void SequencesOfAnyLength()
    {
        ModelBuilder model = End(Layer("GRU", 3, "bidirectional", false, "steps"), false, -1, joined: true).Output("y");
        Graph graph = OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions("steps=1..9") });
        Optimizer.RunToFixedPoint(graph, Passes(), default);
        Layers(graph).Length.ShouldBe(2);
        RunTimeSizesCheck.Run(model, "steps=1..9", ["steps=1", "steps=9", "steps=4"], relative: 1e-4);
    }

    /// <summary>Each direction keeps its own functions and their parameters.</summary>
    [Fact]
    public void FunctionsOfEachDirection()
    {
        string[] activations = ["HardSigmoid", "ScaledTanh", "Affine", "Elu", "LeakyRelu", "Softsign"];
        ModelBuilder model = End(
            Layer("LSTM", 4, "bidirectional", false, Steps, ("clip", 0.7f), ("activations", activations), ("activation_alpha", new[] { 0.3f, 1.1f, 0.9f, 0.5f, 0.2f }), ("activation_beta", new[] { 0.4f, 0.6f, 0.1f })),
            false,
            -1,
            joined: true).Output("y");
        Layers(PassCheck.Run(model, Passes())).Length.ShouldBe(2);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    /// <summary>A step in the middle, a last state that is read too, all steps, and sequences that may end before.</summary>
    [Theory]
    [InlineData("middle")]
    [InlineData("states")]
    [InlineData("all")]
    [InlineData("lengths")]
    public void OthersStay(string what)
    {
        ModelBuilder model = End(Layer("LSTM", 4, "bidirectional", false, Steps, what == "lengths"), false, what == "middle" ? 2 : -1, joined: false).Output("y");
        model = what == "states" ? model.Output("yh") : what == "all" ? model.Output("all") : model;
        Layers(PassCheck.Run(model, 0, 3, Passes())).Single().Output.Uses.Count.ShouldBe(1);
    }

    private static GraphPass[] Passes() =>
        [new DeadCode(), new ConstantFolding(), new OperatorSimplification(), new CommonSubexpressions(), new ReshapeCleaning(), new EarlySelection(), new RecurrentEnds()];

    private static Node[] Layers(Graph graph) => graph.Nodes.Where(static n => n.Operator is RecurrentOperator).ToArray();

    private static ModelBuilder Layer(string op, int gates, string direction, bool batchFirst, object steps, params (string, object)[] attributes) =>
        Layer(op, gates, direction, batchFirst, steps, false, attributes);

    private static ModelBuilder Layer(string op, int gates, string direction, bool batchFirst, object steps, bool hasLengths, params (string, object)[] attributes)
    {
        int directions = direction == "bidirectional" ? 2 : 1;
        long[] state = batchFirst ? [Batch, directions, Hidden] : [directions, Batch, Hidden];
        ModelBuilder model = new ModelBuilder(17).Input("x", OnnxDataType.Float, batchFirst ? [Batch, steps, Features] : [steps, Batch, Features])
            .Initializer("w", [directions, gates * Hidden, Features], Weights.Random(directions * gates * Hidden * Features, 1))
            .Initializer("r", [directions, gates * Hidden, Hidden], Weights.Random(directions * gates * Hidden * Hidden, 2))
            .Initializer("b", [directions, 2 * gates * Hidden], Weights.Random(directions * 2 * gates * Hidden, 3))
            .Input("h", OnnxDataType.Float, state);
        model = hasLengths ? model.Input("lens", OnnxDataType.Int32, Batch) : model;
        string[] inputs = ["x", "w", "r", "b", hasLengths ? "lens" : string.Empty, "h"];
        if (op == "LSTM")
        {
            model = model.Input("c", OnnxDataType.Float, state).Initializer("p", [directions, 3 * Hidden], Weights.Random(directions * 3 * Hidden, 4));
            inputs = [.. inputs, "c", "p"];
        }

        return model.Node(op, inputs, ["all", "yh"], [("hidden_size", Hidden), ("direction", direction), ("layout", batchFirst ? 1 : 0), .. attributes]);
    }

    /// <summary>One step, with the features of both directions beside each other first as PyTorch has them.</summary>
    private static ModelBuilder End(ModelBuilder model, bool batchFirst, int step, bool joined)
    {
        model = model.Initializer("step", [], (long)step);
        if (!joined)
        {
            return model.Node("Gather", ["all", "step"], ["y"], ("axis", batchFirst ? 1 : 0));
        }

        return (batchFirst ? model.Node("Identity", ["all"], ["beside"]) : model.Node("Transpose", ["all"], ["beside"], ("perm", new long[] { 0, 2, 1, 3 })))
            .Initializer("features", [3], 0L, 0L, -1L)
            .Node("Reshape", ["beside", "features"], ["flat"])
            .Node("Transpose", ["flat"], ["swapped"], ("perm", new long[] { 1, 0, 2 }))
            .Node("Gather", ["swapped", "step"], ["y"], ("axis", batchFirst ? 0 : 1));
    }
}
