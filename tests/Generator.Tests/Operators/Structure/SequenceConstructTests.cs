using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Structure;

public sealed class SequenceConstructTests
{
    [Fact]
    public void A_sequence_output_is_one_output_per_element()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3).Input("y", OnnxDataType.Float, 2, 2)
            .Node("Neg", ["x"], ["n"]).Node("SequenceConstruct", ["n", "y"], ["s"]).Output("s");
        OperatorCheck.Import(model.ToBytes()).Outputs.Select(static o => o.Name).ShouldBe(["s[0]", "s[1]"]);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void A_sequence_input_is_one_input_per_element()
    {
        var model = new ModelBuilder();
        model.Graph.Input.Add(SequenceTypes.Input("s", 4));
        model.Node("SequenceLength", ["s"], ["n"]).Node("ConcatFromSequence", ["s"], ["y"], ("axis", 0)).Output("y").Output("n");
        Graph graph = OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions("s.length=3") });
        graph.Inputs.Select(static v => v.Name).ShouldBe(["s[0]", "s[1]", "s[2]"]);
        graph.Outputs[0].Value.Shape.ShouldBe(new Shape(12));
        graph.Outputs[1].Value.Constant!.ToInt64Array().ShouldBe([3L]);
    }

    [Fact]
    public void The_length_of_a_sequence_input_must_be_given()
    {
        var model = new ModelBuilder();
        model.Graph.Input.Add(SequenceTypes.Input("s", 4));
        OperatorCheck.Fails(model.Node("SequenceLength", ["s"], ["n"]).Output("n")).Message.ShouldContain("--dim s.length=");
    }

    [Fact]
    public void A_sequence_is_no_tensor() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Node("SequenceConstruct", ["x"], ["s"]).Node("Neg", ["s"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
