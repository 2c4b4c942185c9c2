using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Onnx;

public class FunctionInlinerTests
{
    private static FunctionBuilder Twice => new FunctionBuilder("f", "Twice", ["x"], ["y"]).Node("Add", ["x", "x"], ["t"]).Node("Relu", ["t"], ["y"]);

    [Fact]
    public void A_call_becomes_the_body_with_names_of_its_own()
    {
        OnnxModel model = Inline(new ModelBuilder().Import("f", 1).Function(Twice)
            .Input("a", OnnxDataType.Float, 2)
            .Node("f", "Twice", ["a"], ["t"])
            .Node("f", "Twice", ["t"], ["b"])
            .Output("b"));

        model.Functions.ShouldBeEmpty();
        Text(model).ShouldBe(
        [
            "Add(a, a) -> Twice_0/t",
            "Relu(Twice_0/t) -> t",
            "Add(t, t) -> Twice_1/t",
            "Relu(Twice_1/t) -> b",
        ]);
    }

    [Fact]
    public void A_model_without_functions_is_returned_as_it_is()
    {
        OnnxModel model = new ModelBuilder().ToModel();
        FunctionInliner.Inline(model).ShouldBeSameAs(model);
    }

    [Fact]
    public void Attribute_references_take_the_calls_value_the_default_or_vanish()
    {
        FunctionBuilder function = new FunctionBuilder("f", "F", ["x"], ["y"], ["slope", "none"])
            .Default("axis", 3L)
            .Node(
                "Op",
                ["x"],
                ["y"],
                ("alpha", new AttributeRef("slope", OnnxAttributeKind.Float)),
                ("axis", new AttributeRef("axis", OnnxAttributeKind.Int)),
                ("mode", new AttributeRef("none", OnnxAttributeKind.String)));

        OnnxModel model = Inline(new ModelBuilder().Import("f", 1).Function(function)
            .Node("f", "F", ["a"], ["b"], ("slope", 0.5f))
            .Node("f", "F", ["b"], ["c"], ("slope", 0.25f), ("axis", 7)));

        OnnxNode first = model.Graph.Nodes[0];
        first.FindAttribute("alpha")!.Float.ShouldBe(0.5f);
        first.FindAttribute("axis")!.Int.ShouldBe(3);
        first.FindAttribute("mode").ShouldBeNull();
        model.Graph.Nodes[1].FindAttribute("axis")!.Int.ShouldBe(7);
    }

    [Fact]
    public void Overloads_are_told_apart_and_functions_nest()
    {
        var builder = new ModelBuilder().Import("f", 1)
            .Function(new FunctionBuilder("f", "G", ["x"], ["y"]).Node("Neg", ["x"], ["y"]))
            .Function(new FunctionBuilder("f", "G", ["x"], ["y"]).Overload("2").Node("Abs", ["x"], ["y"]))
            .Function(new FunctionBuilder("f", "Outer", ["x"], ["y"]).Import("f", 1).Node("f", "G", ["x"], ["m"]).Node("Exp", ["m"], ["y"]))
            .Node("f", "Outer", ["a"], ["b"])
            .Node("f", "G", ["b"], ["c"]);
        builder.Graph.Node[1].Overload = "2";

        Text(Inline(builder)).ShouldBe(["Neg(a) -> Outer_0/m", "Exp(Outer_0/m) -> b", "Abs(b) -> c"]);
    }

    [Fact]
    public void Subgraphs_see_the_functions_values_and_keep_their_own_apart()
    {
        GraphBuilder then = new GraphBuilder().Initializer("k", [], 1f).Node("Add", ["x", "k"], ["r"]).Output("r");
        GraphBuilder other = new GraphBuilder().Node("Mul", ["t", "t"], ["r"]).Output("r");
        FunctionBuilder function = new FunctionBuilder("f", "F", ["x", "c"], ["y"])
            .Node("Neg", ["x"], ["t"])
            .Node("If", ["c"], ["y"], ("then_branch", then), ("else_branch", other));

        OnnxModel model = Inline(new ModelBuilder().Import("f", 1).Function(function)
            .Input("k", OnnxDataType.Float).Input("cond", OnnxDataType.Bool)
            .Node("f", "F", ["k", "cond"], ["out"]));

        OnnxNode branch = model.Graph.Nodes[1];
        branch.Outputs.ShouldBe(["out"]);
        OnnxGraph thenGraph = branch.FindAttribute("then_branch")!.Graph;
        thenGraph.Initializers[0].Name.ShouldBe("F_0/k");
        Text(thenGraph).ShouldBe(["Add(k, F_0/k) -> F_0/r"]);
        thenGraph.Outputs[0].Name.ShouldBe("F_0/r");
        Text(branch.FindAttribute("else_branch")!.Graph).ShouldBe(["Mul(F_0/t, F_0/t) -> F_0/r_1"]);
    }

    [Fact]
    public void Calls_inside_subgraphs_are_inlined()
    {
        OnnxModel model = Inline(new ModelBuilder().Import("f", 1).Function(Twice)
            .Node("If", ["c"], ["y"], ("then_branch", new GraphBuilder().Node("f", "Twice", ["a"], ["r"]).Output("r"))));

        model.Graph.Nodes[0].FindAttribute("then_branch")!.Graph.Nodes.Select(n => n.OpType).ShouldBe(["Add", "Relu"]);
    }

    [Fact]
    public void Omitted_inputs_stay_omitted_and_unused_outputs_get_a_name()
    {
        FunctionBuilder function = new FunctionBuilder("f", "F", ["x", "opt"], ["y", "z"])
            .Node("Clip", ["x", "opt"], ["y"])
            .Node("Neg", ["y"], ["z"]);

        Text(Inline(new ModelBuilder().Import("f", 1).Function(function).Node("f", "F", ["a"], ["", "b"])))
            .ShouldBe(["Clip(a, ) -> F_0/y", "Neg(F_0/y) -> b"]);
    }

    [Fact]
    public void An_output_that_is_an_input_or_repeated_is_copied()
    {
        FunctionBuilder function = new FunctionBuilder("f", "F", ["x"], ["x", "y", "y"]).Node("Neg", ["x"], ["y"]);

        Text(Inline(new ModelBuilder().Import("f", 1).Function(function).Node("f", "F", ["a"], ["p", "q", "r"])))
            .ShouldBe(["Neg(a) -> q", "Identity(a) -> p", "Identity(q) -> r"]);
    }

    [Fact]
    public void A_body_keeps_the_operator_set_version_it_was_written_for()
    {
        OnnxModel model = Inline(new ModelBuilder(opset: 21).Import("f", 1)
            .Function(new FunctionBuilder("f", "F", ["x"], ["y"], opset: 11).Import("other", 4).Node("Clip", ["x"], ["t"]).Node("other", "Op", ["t"], ["y"]))
            .Node("f", "F", ["a"], ["b"])
            .Node("Clip", ["b"], ["c"]));

        model.Graph.Nodes.Select(model.OpsetOf).ShouldBe([11, 4, 21]);
        model.OpsetImports["other"].ShouldBe(4);
    }

    [Fact]
    public void Recursion_is_refused()
    {
        var builder = new ModelBuilder().Import("f", 1)
            .Function(new FunctionBuilder("f", "A", ["x"], ["y"]).Node("f", "B", ["x"], ["y"]))
            .Function(new FunctionBuilder("f", "B", ["x"], ["y"]).Node("f", "A", ["x"], ["y"]))
            .Node("f", "A", ["a"], ["b"]);

        Should.Throw<ModelException>(() => Inline(builder)).Message.ShouldContain("calls itself");
    }

    [Fact]
    public void Exponential_expansion_is_stopped()
    {
        var builder = new ModelBuilder().Import("f", 1).Function(new FunctionBuilder("f", "F0", ["x"], ["y"]).Node("Neg", ["x"], ["y"]));
        for (int level = 1; level < 20; level++)
        {
            var function = new FunctionBuilder("f", "F" + level, ["x"], ["v9"]);
            for (int i = 0; i < 10; i++)
            {
                function.Node("f", "F" + (level - 1), [i == 0 ? "x" : "v" + (i - 1)], ["v" + i]);
            }

            builder.Function(function);
        }

        ModelException e = Should.Throw<ModelException>(() => Inline(builder.Node("f", "F19", ["a"], ["b"])));
        e.Diagnostic.Code.ShouldBe(DiagnosticCodes.LimitExceeded);
    }

    [Fact]
    public void Deep_calls_are_stopped()
    {
        var builder = new ModelBuilder().Import("f", 1).Function(new FunctionBuilder("f", "F0", ["x"], ["y"]).Node("Neg", ["x"], ["y"]));
        for (int level = 1; level < 100; level++)
        {
            builder.Function(new FunctionBuilder("f", "F" + level, ["x"], ["y"]).Node("f", "F" + (level - 1), ["x"], ["y"]));
        }

        ModelException e = Should.Throw<ModelException>(() => Inline(builder.Node("f", "F99", ["a"], ["b"])));
        e.Diagnostic.Code.ShouldBe(DiagnosticCodes.LimitExceeded);
    }

    public static IEnumerable<object[]> Malformed() => new (string Reason, FunctionBuilder Function)[]
    {
        ("undefined value", new FunctionBuilder("f", "F", ["x"], ["y"]).Node("Add", ["x", "a"], ["y"])),
        ("two inputs named", new FunctionBuilder("f", "F", ["x", "x"], ["y"]).Node("Neg", ["x"], ["y"])),
        ("with 1 inputs and 1 outputs", new FunctionBuilder("f", "F", [], ["y"]).Node("Op", [], ["y"])),
        ("undeclared attribute", new FunctionBuilder("f", "F", ["x"], ["y"]).Node("Op", ["x"], ["y"], ("k", new AttributeRef("no", OnnxAttributeKind.Int)))),
        ("must be of kind Float", new FunctionBuilder("f", "F", ["x"], ["y"], ["i"]).Node("Op", ["x"], ["y"], ("k", new AttributeRef("i", OnnxAttributeKind.Float)))),
    }.Select(c => new object[] { c.Reason, c.Function });

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_calls_are_diagnosed(string reason, object function)
    {
        ModelException e = Should.Throw<ModelException>(() => Inline(
            new ModelBuilder().Import("f", 1).Function((FunctionBuilder)function).Node("f", "F", ["a"], ["b"], ("i", 1))));
        e.Diagnostic.Code.ShouldBe(DiagnosticCodes.GraphMalformed);
        e.Message.ShouldContain(reason);
    }

    private static OnnxModel Inline(ModelBuilder builder) => FunctionInliner.Inline(builder.ToModel());

    private static IEnumerable<string> Text(OnnxModel model) => Text(model.Graph);

    private static IEnumerable<string> Text(OnnxGraph graph) =>
        graph.Nodes.Select(n => $"{n.OpType}({string.Join(", ", n.Inputs)}) -> {string.Join(", ", n.Outputs)}");
}
