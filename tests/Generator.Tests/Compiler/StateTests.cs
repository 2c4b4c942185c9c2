using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Compiler;

/// <summary>Models whose outputs feed their next inputs.</summary>
public sealed class StateTests
{
    [Fact]
    public void The_pair_is_neither_input_nor_output()
    {
        CompiledModel model = Compile(Recurrent(), "hn:h");
        model.Graph.Inputs.Select(static v => v.Name).ShouldBe(["x"]);
        model.Graph.Outputs.Select(static o => o.Name).ShouldBe(["y"]);
        model.Result.Plan!.StateBytes.ShouldBe(128);
        string api = model.Result.Sources[0].Text;
        api.ShouldContain("public void Reset()");
        api.ShouldContain("public const int StateBytes = 128;");
        api.ShouldContain("public void Run(global::System.ReadOnlySpan<float> x, global::System.Span<float> y)");
    }

    [Theory]
    [InlineData("x86-64-v4")]
    [InlineData("x86-64-v3")]
    [InlineData("baseline")]
    public void Is_handed_on_until_it_is_reset(string isa) => Stream(Recurrent(), isa, "hn:h");

    [Fact]
    public void A_state_that_its_own_update_reads_last_is_written_in_place()
    {
        CompiledModel model = Compile(Sums(), "sn:s");
        model.Result.Plan!.Schedule.Steps.ShouldNotContain(static s => s.Name.StartsWith("hand over", StringComparison.Ordinal));
        Stream(Sums(), "auto", "sn:s");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("armv7")]
    public void States_may_change_places(string isa)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 5).Input("a", OnnxDataType.Float, 5).Input("b", OnnxDataType.Float, 5)
            .Node("Add", ["a", "x"], ["an"]).Node("Identity", ["a"], ["bn"]).Node("Sub", ["b", "x"], ["y"])
            .Output("y").Output("an").Output("bn");
        Stream(model, isa, "an:a; bn:b");
    }

    [Fact]
    public void An_output_may_be_the_next_value_too()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 5).Input("s", OnnxDataType.Float, 5)
            .Node("Add", ["s", "x"], ["y"]).Node("Identity", ["y"], ["sn"])
            .Output("y").Output("sn");
        Stream(model, "auto", "sn:s");
    }

    [Fact]
    public void A_state_may_live_in_control_flow()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 5).Input("s", OnnxDataType.Float, 5).Initializer("zero", [], 0f)
            .Node("ReduceSum", ["x"], ["sum"], ("keepdims", 0)).Node("Greater", ["sum", "zero"], ["c"])
            .Node("If", ["c"], ["sn"],
                ("then_branch", new GraphBuilder().Node("Add", ["s", "x"], ["t"]).Output("t")),
                ("else_branch", new GraphBuilder().Node("Mul", ["s", "s"], ["t"]).Output("t")))
            .Node("Neg", ["s"], ["y"])
            .Output("y").Output("sn");
        Stream(model, "auto", "sn:s");
    }

    [Theory]
    [InlineData("y:h", "[4]")]
    [InlineData("hn:nothing", "Inputs: 'x', 'h'")]
    [InlineData("hn:h;hn:h", "names no output and input")]
    public void A_pair_that_does_not_fit_is_refused(string state, string message)
    {
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.FromBytes(Recurrent().ToBytes()), NoExternalData.Instance, OptionParser.Parse("m.onnx", new OptionTexts { State = state }));
        ModelDiagnostic error = result.Diagnostics.Single(static d => d.Severity == DiagnosticSeverity.Error);
        error.Code.ShouldBe(DiagnosticCodes.OptionInvalid);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void Names_may_contain_colons()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 5).Input("in:0", OnnxDataType.Float, 5)
            .Node("Add", ["in:0", "x"], ["out:0"]).Node("Neg", ["out:0"], ["y"])
            .Output("y").Output("out:0");
        Compile(model, "out:0:in:0").Graph.States.Count.ShouldBe(1);
    }

    [Fact]
    public void Text_without_a_colon_is_refused() => Should.Throw<ModelException>(static () => OptionParser.State("h")).Diagnostic.Code.ShouldBe(DiagnosticCodes.OptionInvalid);

    private static ModelBuilder Recurrent()
    {
        float[] weights = Enumerable.Range(0, 20 * 20).Select(static i => (float)Math.Sin(i) / 8).ToArray();
        return new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 20).Input("h", OnnxDataType.Float, 1, 20)
            .Initializer("w", [20, 20], weights)
            .Node("MatMul", ["h", "w"], ["p"]).Node("Add", ["p", "x"], ["q"]).Node("Tanh", ["q"], ["hn"])
            .Node("Mul", ["hn", "h"], ["m"]).Node("ReduceMean", ["m"], ["mean"]).Node("Expand", ["mean", "four"], ["e"]).Node("Reshape", ["e", "shape"], ["y"])
            .Initializer("four", [2], 1L, 4).Initializer("shape", [1], 4L)
            .Output("y").Output("hn");
    }

    private static ModelBuilder Sums() => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 50).Input("s", OnnxDataType.Float, 50)
        .Node("Add", ["s", "x"], ["sn"]).Node("Exp", ["sn"], ["y"])
        .Output("y").Output("sn");

    private static CompiledModel Compile(ModelBuilder model, string state, string isa = "auto") =>
        CompiledModel.Compile(model.ToBytes(), isa, OptionParser.Parse("m.onnx", new OptionTexts { State = state }));

    /// <summary>Runs two streams, compiled and interpreted.</summary>
    private static void Stream(ModelBuilder model, string isa, string state)
    {
        CompilerOptions options = OptionParser.Parse("m.onnx", new OptionTexts { State = state });
        Graph graph = OperatorCheck.Import(model.ToBytes(), options);
        CompiledModel compiled = Compile(model, state, isa);
        var random = new Random(7);
        for (int stream = 0; stream < 2; stream++)
        {
            Tensor[] states = graph.States.Select(static s => Tensor.FromBytes(s.Input.Type, s.Input.Shape, new byte[s.Input.Shape.ElementCount * 4], "zeros")).ToArray();
            compiled.Reset();
            for (int run = 0; run < 4; run++)
            {
                Tensor[] inputs = graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random, -1, 1)).ToArray();
                IReadOnlyList<Tensor> expected = GraphInterpreter.Run(graph, inputs, states);
                IReadOnlyList<Tensor> actual = compiled.Run(inputs);
                for (int i = 0; i < expected.Count; i++)
                {
                    OperatorCheck.AssertClose(actual[i], expected[i], 1e-5, 1e-6, $"stream {stream}, run {run}, output {i}");
                }
            }
        }
    }
}
