using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators.ControlFlow;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Structure;

public sealed class OptionalHasElementTests
{
    [Theory]
    [InlineData("x", 1)]
    [InlineData("s", 1)]
    [InlineData("full", 1)]
    [InlineData("empty", 0)]
    [InlineData("", 0)]
    public void Is_a_constant(string input, byte expected) => OperatorCheck.Import(new ModelBuilder(18)
            .Input("x", OnnxDataType.Float, 2).Node("SequenceConstruct", ["x"], ["s"]).Node("Optional", ["x"], ["full"]).Node("Optional", [], ["empty"])
            .Node("OptionalHasElement", input.Length == 0 ? [] : [input], ["h"]).Output("h").ToBytes())
        .Outputs[0].Value.Constant!.Bytes.ToArray().ShouldBe([expected]);

    /// <summary>One branch makes an element, the other none; what follows asks which it was.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void A_branch_may_decide(bool condition, bool sequence) => ControlFlowCheck.Run(
        new ModelBuilder(18).Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 3)
            .Node("If", ["c"], ["o"], ("then_branch", Made(sequence)), ("else_branch", new GraphBuilder().Node("Optional", [], ["none"]).Output("none")))
            .Node("OptionalHasElement", ["o"], ["has"])
            .Node("If", ["has"], ["y"], ("then_branch", Taken(sequence)), ("else_branch", new GraphBuilder().Node("Neg", ["x"], ["n"]).Output("n")))
            .Output("y").Output("has"),
        ControlFlowCheck.Bool(condition), ControlFlowCheck.Floats(1, -2, 3));

    [Fact]
    public void An_output_of_the_model_says_whether_it_is_present()
    {
        ModelBuilder model = new ModelBuilder(18).Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 3)
            .Node("If", ["c"], ["o"], ("then_branch", Made(sequence: false)), ("else_branch", new GraphBuilder().Node("Optional", [], ["none"]).Output("none")))
            .Output("o");
        OperatorCheck.Import(model.ToBytes()).Outputs.Select(static o => o.Name).ShouldBe(["o", "o.present"]);
        ControlFlowCheck.Run(model, ControlFlowCheck.Bool(false), ControlFlowCheck.Floats(1, -2, 3));
        ControlFlowCheck.Run(model, ControlFlowCheck.Bool(true), ControlFlowCheck.Floats(1, -2, 3));
    }

    private static GraphBuilder Made(bool sequence)
    {
        GraphBuilder branch = new GraphBuilder().Node("Abs", ["x"], ["a"]);
        branch = sequence ? branch.Node("SequenceConstruct", ["a", "x"], ["e"]) : branch.Node("Identity", ["a"], ["e"]);
        return branch.Node("Optional", ["e"], ["full"]).Output("full");
    }

    private static GraphBuilder Taken(bool sequence)
    {
        GraphBuilder branch = new GraphBuilder().Node("OptionalGetElement", ["o"], ["e"]);
        return sequence
            ? branch.Initializer("last", [], -1L).Initializer("first", [], 0L).Node("SequenceAt", ["e", "last"], ["t"]).Node("SequenceAt", ["e", "first"], ["u"]).Node("Add", ["t", "u"], ["sum"]).Output("sum")
            : branch.Node("Exp", ["e"], ["t"]).Output("t");
    }
}
