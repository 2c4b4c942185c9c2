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

public sealed class OptionalTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void An_optional_input_is_there_or_not(int present)
    {
        var model = new ModelBuilder(18);
        model.Graph.Input.Add(SequenceTypes.Optional("o", 4));
        model.Node("OptionalHasElement", ["o"], ["h"])
            .Node("If", ["h"], ["y"],
                ("then_branch", new GraphBuilder().Node("OptionalGetElement", ["o"], ["e"]).Node("Neg", ["e"], ["n"]).Output("n")),
                ("else_branch", new GraphBuilder().Initializer("z", [1], 0f).Output("z")))
            .Output("y");
        Graph graph = OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions($"o.present={present}") });
        graph.Inputs.Count.ShouldBe(present);
        graph.Outputs[0].Value.Shape.ShouldBe(new Shape(present == 1 ? 4 : 1));
    }

    [Fact]
    public void An_empty_one_is_no_output() => OperatorCheck.Import(new ModelBuilder(18).Node("Optional", [], ["o"]).Output("o").ToBytes()).Outputs.ShouldBeEmpty();
}
