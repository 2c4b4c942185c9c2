using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators.Selection;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.ControlFlow;

public sealed class IfTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Runs_one_of_two_branches(bool condition) =>
        ControlFlowCheck.Run(Model(static m => m.Input("c", OnnxDataType.Bool)), Inputs(ControlFlowCheck.Bool(condition)));

    [Theory]
    [InlineData(true, "Exp")]
    [InlineData(false, "Neg")]
    public void Of_a_constant_condition_only_one_branch_remains(bool condition, string remains)
    {
        ModelBuilder model = Model(m => m.Initializer("c", [], condition));
        Graph graph = OperatorCheck.Import(model.ToBytes());
        graph.Nodes.Select(static n => n.Operator.Name).ShouldBe(["Mul", remains]);
        ControlFlowCheck.Run(model, Inputs());
    }

    [Fact]
    public void A_condition_that_becomes_constant_later_leaves_one_branch()
    {
        // Only optimisation sees that a value equals itself.
        ModelBuilder model = Model(static m => m.Node("Shape", ["x"], ["s"]).Node("Equal", ["s", "s"], ["e"]).Node("Squeeze", ["e"], ["c"]));
        CompiledModel.Compile(model.ToBytes()).Graph.Nodes.ShouldAllBe(static n => n.Operator.Name != "If");
        ControlFlowCheck.Run(model, Inputs());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Branches_may_return_what_is_around_them(bool condition) => ControlFlowCheck.Run(
        new ModelBuilder()
            .Input("c", OnnxDataType.Bool, 1)
            .Input("x", OnnxDataType.Float, 5)
            .Initializer("k", [5], 1f, 2f, 3f, 4f, 5f)
            .Node("If", ["c"], ["y", "z"],
                ("then_branch", new GraphBuilder().Output("x").Output("k")),
                ("else_branch", new GraphBuilder().Output("k").Output("k")))
            .Node("Add", ["y", "z"], ["w"])
            .Output("w").Output("y"),
        Tensor.FromBytes(ElementType.Bool, new Shape(1), new[] { (byte)(condition ? 1 : 0) }, "c"),
        ControlFlowCheck.Floats(-1, -2, -3, -4, -5));

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Nests(bool outer, bool inner)
    {
        GraphBuilder branch = new GraphBuilder()
            .Node("If", ["d"], ["n"],
                ("then_branch", new GraphBuilder().Node("Sqrt", ["a"], ["t"]).Output("t")),
                ("else_branch", new GraphBuilder().Node("Mul", ["a", "x"], ["t"]).Output("t")))
            .Node("Add", ["n", "x"], ["r"])
            .Output("r");
        ControlFlowCheck.Run(
            new ModelBuilder()
                .Input("c", OnnxDataType.Bool).Input("d", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 3)
                .Node("Abs", ["x"], ["a"])
                .Node("If", ["c"], ["y"], ("then_branch", branch), ("else_branch", new GraphBuilder().Node("Neg", ["a"], ["t"]).Output("t")))
                .Output("y"),
            ControlFlowCheck.Bool(outer), ControlFlowCheck.Bool(inner), ControlFlowCheck.Floats(1, -4, 9));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Branches_are_optimised_and_have_their_weights(bool condition)
    {
        var random = new Random(3);
        float[] weights = Enumerable.Range(0, 16 * 8 * 9).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        ModelBuilder model = new ModelBuilder()
            .Input("c", OnnxDataType.Bool)
            .Input("x", OnnxDataType.Float, 1, 8, 6, 7)
            .Node("If", ["c"], ["y"],
                ("then_branch", new GraphBuilder().Initializer("w", [16, 8, 3, 3], weights).Node("Conv", ["x", "w"], ["v"], ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", ["v"], ["r"]).Output("r")),
                ("else_branch", new GraphBuilder().Node("Concat", ["x", "x"], ["r"], ("axis", 1)).Output("r")))
            .Node("Sigmoid", ["y"], ["z"])
            .Output("z");
        CompiledModel.Compile(model.ToBytes()).Graph.Nodes[0].Subgraphs.First().Nodes.Count.ShouldBe(1, "the activation is fused");
        Tensor x = OperatorCheck.RandomTensor(new Value("x", ElementType.Float32, new Shape(1, 8, 6, 7)), random);
        ControlFlowCheck.Run(model, ControlFlowCheck.Bool(condition), x);
    }

    [Fact]
    public void The_region_holds_its_steps()
    {
        BranchStep branch = ScheduleCheck.Steps(Model(static m => m.Input("c", OnnxDataType.Bool))).OfType<BranchStep>().Single();
        branch.Blocks.Count.ShouldBe(2);
        branch.Marks.Count.ShouldBe(2);
    }

    [Fact]
    public void The_work_is_that_of_the_larger_branch()
    {
        GraphBuilder Product(int inner) => new GraphBuilder()
            .Initializer("w", [4, inner], new float[4 * inner]).Node("MatMul", ["x", "w"], ["u"]).Node("ReduceSum", ["u"], ["t"]).Output("t");
        ModelBuilder model = new ModelBuilder()
            .Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 3, 4)
            .Node("If", ["c"], ["y"], ("then_branch", Product(16)), ("else_branch", Product(32)))
            .Output("y");
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.MultiplyAdds.ShouldBe(3 * 4 * 32);
    }

    /// <summary>As exported detectors guard against images without detections.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.4f)]
    [InlineData(1f)]
    public void Branches_of_different_lengths(float share) => NonZeroTests.RunOnShare(
        new ModelBuilder()
            .Input("mask", OnnxDataType.Bool, 7).Input("x", OnnxDataType.Float, 7, 4)
            .Initializer("axis", [1], 0L).Initializer("zero", [1], 0L).Initializer("w", [3, 4], Enumerable.Range(0, 12).Select(static i => (float)i).ToArray())
            .Node("NonZero", ["mask"], ["at"])
            .Node("Squeeze", ["at", "axis"], ["index"])
            .Node("Gather", ["x", "index"], ["kept"])
            .Node("Shape", ["index"], ["count"])
            .Node("Equal", ["count", "zero"], ["none"])
            .Node("If", ["none"], ["rows", "sums"],
                ("then_branch", new GraphBuilder().Node("Neg", ["w"], ["t"]).Node("ReduceSum", ["w", "axis"], ["ts"], ("keepdims", 0)).Output("t").Output("ts")),
                ("else_branch", new GraphBuilder()
                    .Node("Greater", ["kept", "kept"], ["never"])
                    .Node("Relu", ["kept"], ["u"])
                    .Node("NonZero", ["u"], ["inner"])
                    .Node("GatherND", ["kept", "innerT"], ["positive"])
                    .Node("Transpose", ["inner"], ["innerT"])
                    .Output("u").Output("positive")))
            .Node("Add", ["rows", "rows"], ["y"])
            .Output("y").Output("sums"),
        share);

    /// <summary>Lists of constants, which are joined while the model is read.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Branches_may_give_lists_of_different_lengths(bool condition)
    {
        static GraphBuilder List(float first, params string[] elements) => new GraphBuilder()
            .Initializer("e", [2], first, first + 1).Node("SequenceConstruct", elements, ["s"]).Output("s");
        CompiledModel model = CompiledModel.Compile(new ModelBuilder().Input("c", OnnxDataType.Bool)
            .Node("If", ["c"], ["y"], ("then_branch", List(1, "e", "e")), ("else_branch", List(5, "e")))
            .Output("y").ToBytes());
        model.RunAt([], Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new[] { (byte)(condition ? 1 : 0) }, "c"))[0].Floats().ToArray()
            .ShouldBe(condition ? [1f, 2f, 1f, 2f] : [5f, 6f]);
    }

    [Fact]
    public void Different_ranks_are_refused() => OperatorCheck.Fails(new ModelBuilder()
            .Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 1, 4)
            .Node("If", ["c"], ["y"],
                ("then_branch", new GraphBuilder().Node("Identity", ["x"], ["t"]).Output("t")),
                ("else_branch", new GraphBuilder().Node("ReduceSum", ["x"], ["u"], ("keepdims", 0)).Output("u")))
            .Output("y"))
        .Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Different_shapes_are_counts(bool condition) => OperatorCheck.RunOn(
        new ModelBuilder()
            .Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 1, 4)
            .Node("If", ["c"], ["y"],
                ("then_branch", new GraphBuilder().Node("Identity", ["x"], ["t"]).Output("t")),
                ("else_branch", new GraphBuilder().Node("Flatten", ["x"], ["u"], ("axis", 2)).Output("u")))
            .Output("y").ToBytes(),
        [Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new[] { condition ? (byte)1 : (byte)0 }, "c"), Tensor.Create(ElementType.Float32, new Shape(1, 4), [1f, 2f, 3f, 4f])]);

    /// <summary>Voice detectors have a branch per sampling rate, whose frames differ.</summary>
    [Theory]
    [InlineData("then_branch", "else_branch", true)]
    [InlineData("else_branch", "then_branch", false)]
    public void A_branch_that_does_not_fit_the_shapes_is_left_out(string fits, string fails, bool condition)
    {
        byte[] model = new ModelBuilder()
            .Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 2, 3).Initializer("w", [4, 2], Enumerable.Repeat(1f, 8).ToArray())
            .Node("If", ["c"], ["y"],
                (fits, new GraphBuilder().Node("Neg", ["x"], ["t"]).Output("t")),
                (fails, new GraphBuilder().Node("MatMul", ["x", "w"], ["u"]).Output("u")))
            .Output("y").ToBytes();
        CompiledModel compiled = CompiledModel.Compile(model);
        ModelDiagnostic warning = compiled.Result.Diagnostics.Single();
        (warning.Code, warning.Severity).ShouldBe((DiagnosticCodes.BranchLeftOut, DiagnosticSeverity.Warning));
        warning.Message.ShouldContain("'MatMul'");
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(2, 3), [1f, 2, 3, 4, 5, 6]);
        compiled.Run(ControlFlowCheck.Bool(condition), x)[0].Floats().ToArray().ShouldBe([-1f, -2, -3, -4, -5, -6]);
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.Run(ControlFlowCheck.Bool(!condition), x));
    }

    [Fact]
    public void Two_branches_that_do_not_fit_are_an_error() => OperatorCheck.Fails(new ModelBuilder()
            .Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 2, 3).Initializer("w", [4, 2], Enumerable.Repeat(1f, 8).ToArray())
            .Node("If", ["c"], ["y"],
                ("then_branch", new GraphBuilder().Node("MatMul", ["x", "w"], ["t"]).Output("t")),
                ("else_branch", new GraphBuilder().Node("MatMul", ["w", "x"], ["s"]).Node("MatMul", ["s", "w"], ["u"]).Output("u")))
            .Output("y"))
        .Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void A_body_without_a_definition_is_refused() => OperatorCheck.Fails(new ModelBuilder()
            .Input("c", OnnxDataType.Bool)
            .Node("If", ["c"], ["y"],
                ("then_branch", new GraphBuilder().Node("Identity", ["nothing"], ["t"]).Output("t")),
                ("else_branch", new GraphBuilder().Node("Identity", ["c"], ["t"]).Output("t")))
            .Output("y"))
        .Message.ShouldContain("nothing");

    [Fact]
    public void A_missing_branch_is_refused() => OperatorCheck.Fails(new ModelBuilder()
            .Input("c", OnnxDataType.Bool)
            .Node("If", ["c"], ["y"], ("then_branch", new GraphBuilder().Output("c")))
            .Output("y"))
        .Message.ShouldContain("else_branch");

    private static ModelBuilder Model(Func<ModelBuilder, ModelBuilder> condition) =>
        condition(new ModelBuilder().Input("x", OnnxDataType.Float, 7))
            .Node("Mul", ["x", "x"], ["q"])
            .Node("If", ["c"], ["y"],
                ("then_branch", new GraphBuilder().Node("Exp", ["x"], ["t"]).Output("t")),
                ("else_branch", new GraphBuilder().Node("Neg", ["q"], ["t"]).Output("t")))
            .Output("y");

    private static Tensor[] Inputs(params Tensor[] rest) => [ControlFlowCheck.Floats(1, 2, 3, -4, 5, 0.5f, -0.25f), .. rest];
}
