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

/// <summary>Shapes that depend on what a run's inputs hold: bounded by what is sliced, by how a number is computed, or by a declaration.</summary>
public sealed class DataSizesTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(2, 5)]
    [InlineData(-3, 9)]
    [InlineData(5, 2)]
    [InlineData(-100, 100)]
    public void Slice_takes_bounds_of_the_run(long start, long end) => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 10).Input("s", OnnxDataType.Int64, 1).Input("e", OnnxDataType.Int64, 1)
            .Initializer("axis", [1], 1L)
            .Node("Slice", ["x", "s", "e", "axis"], ["t"]).Node("Neg", ["t"], ["y"]).Output("y"),
        string.Empty, ScheduleCheck.Counting(3, 10), Ints(start), Ints(end));

    [Fact]
    public void Slice_takes_steps_of_the_run() => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6, 10).Input("s", OnnxDataType.Int64, 2).Input("e", OnnxDataType.Int64, 2).Input("d", OnnxDataType.Int64, 2)
            .Initializer("axes", [2], 0L, 1L)
            .Node("Slice", ["x", "s", "e", "axes", "d"], ["y"]).Output("y"),
        string.Empty, ScheduleCheck.Counting(6, 10), Ints(5, 1), Ints(0, 9), Ints(-2, 3));

    [Fact]
    public void A_part_of_fixed_length_has_a_fixed_shape()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6, 4).Input("s", OnnxDataType.Int64, 1)
            .Initializer("two", [1], 2L).Initializer("axis", [1], 0L)
            .Node("Add", ["s", "two"], ["e"]).Node("Slice", ["x", "s", "e", "axis"], ["y"]).Output("y");
        Check(model, string.Empty, ScheduleCheck.Counting(6, 4), Ints(4));
        CompiledModel compiled = Compile(model, string.Empty);
        compiled.Graph.Outputs[0].Value.Shape.ShouldBe(new Shape(2, 4));
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.Run(ScheduleCheck.Counting(6, 4), Ints(5)));
    }

    [Theory]
    [InlineData(3, 3, 4)]
    [InlineData(1, 9, 0)]
    public void Split_takes_sizes_of_the_run(long a, long b, long c) => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 10, 3).Input("s", OnnxDataType.Int64, 3)
            .Node("Split", ["x", "s"], ["a", "b", "c"], ("axis", 0)).Node("Neg", ["b"], ["d"]).Output("a").Output("d").Output("c"),
        string.Empty, ScheduleCheck.Counting(10, 3), Ints(a, b, c));

    /// <summary>The number of true elements bounds a range and a slice alike, so that both go together.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_number_that_is_computed_is_bounded_by_how(int count) => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 7).Input("mask", OnnxDataType.Bool, 7)
            .Initializer("axis", [1], 1L).Initializer("begin", [1], 0L).Initializer("zero", [], 0L).Initializer("one", [], 1L)
            .Node("Cast", ["mask"], ["m"], ("to", 7)).Node("ReduceSum", ["m"], ["n"], ("keepdims", 0))
            .Node("Range", ["zero", "n", "one"], ["r"]).Node("Cast", ["r"], ["f"], ("to", 1))
            .Node("Unsqueeze", ["n", "begin"], ["e"]).Node("Slice", ["x", "begin", "e", "axis"], ["t"])
            .Node("Mul", ["t", "f"], ["y"]).Output("y"),
        string.Empty,
        ScheduleCheck.Counting(3, 7),
        Tensor.FromBytes(ElementType.Bool, new Shape(7), Enumerable.Range(0, 7).Select(i => (byte)(i < count ? 1 : 0)).ToArray(), "mask"));

    [Theory]
    [InlineData("Expand")]
    [InlineData("Tile")]
    public void A_declared_range_bounds_a_shape(string op)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 5).Input("s", OnnxDataType.Int64, 2)
            .Node(op, ["x", "s"], ["t"]).Node("Neg", ["t"], ["y"]).Output("y");
        const string Range = "s.value[0]=1..4;s.value[1]=1";
        Check(model, Range, ScheduleCheck.Counting(1, 5), Ints(3, 1));
        CompiledModel compiled = Compile(model, Range);
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.Run(ScheduleCheck.Counting(1, 5), Ints(5, 1)));
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.Run(ScheduleCheck.Counting(1, 5), Ints(3, 2)));
    }

    [Fact]
    public void A_tensor_inside_may_be_declared() => Check(
        new ModelBuilder()
            .Input("a", OnnxDataType.Int64, 1).Input("b", OnnxDataType.Int64, 1)
            .Node("Mul", ["a", "b"], ["/m/n"]).Node("ConstantOfShape", ["/m/n"], ["y"]).Output("y"),
        "/m/n.value=0..12", Ints(3), Ints(4));

    [Fact]
    public void Pads_and_factors_may_be_declared()
    {
        Check(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 2, 3).Input("p", OnnxDataType.Int64, 4)
                .Node("Pad", ["x", "p"], ["t"]).Node("Neg", ["t"], ["y"]).Output("y"),
            "p.value=0..3", ScheduleCheck.Counting(2, 3), Ints(1, 0, 2, 3));
        Check(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 1, 1, 2, 3).Input("f", OnnxDataType.Float, 4)
                .Node("Resize", ["x", "", "f"], ["t"], ("mode", "nearest")).Node("Neg", ["t"], ["y"]).Output("y"),
            "f.value=1..3;f.value[0]=1;f.value[1]=1", ScheduleCheck.Counting(1, 1, 2, 3), Floats(1, 1, 2, 3));
    }

    [Fact]
    public void A_range_may_begin_at_data() => Check(
        new ModelBuilder()
            .Input("a", OnnxDataType.Int64).Input("b", OnnxDataType.Int64).Initializer("step", [], 3L)
            .Node("Range", ["a", "b", "step"], ["y"]).Output("y"),
        "a.value=2..5;b.value=3..20", Int(4), Int(15));

    [Fact]
    public void An_axis_may_be_declared() => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 4).Input("axis", OnnxDataType.Int64)
            .Node("CumSum", ["x", "axis"], ["y"]).Output("y"),
        "axis.value=1", ScheduleCheck.Counting(3, 4), Int(1));

    [Fact]
    public void Data_in_a_body_are_sliced() => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 8, 2).Input("offsets", OnnxDataType.Int64, 5)
            .Initializer("trips", [], 4L).Initializer("start", [2], 0f, 0f)
            .Node("Loop", ["trips", "", "start"], ["last", "y"], ("body", new GraphBuilder()
                .Input("i", OnnxDataType.Int64).Input("c", OnnxDataType.Bool).Input("s", OnnxDataType.Float)
                .Initializer("one", [1], 1L).Initializer("zero", [1], 0L)
                .Node("Unsqueeze", ["i", "zero"], ["at"]).Node("Add", ["at", "one"], ["behind"])
                .Node("Gather", ["offsets", "at"], ["a"]).Node("Gather", ["offsets", "behind"], ["b"])
                .Node("Slice", ["x", "a", "b", "zero"], ["bag"]).Node("ReduceSum", ["bag", "zero"], ["sum"], ("keepdims", 0))
                .Node("Identity", ["c"], ["c2"]).Output("c2").Output("sum").Output("sum")))
            .Output("last").Output("y"),
        string.Empty, ScheduleCheck.Counting(8, 2), Ints(0, 3, 3, 7, 8));

    [Fact]
    public void The_error_says_what_to_declare()
    {
        ModelDiagnostic diagnostic = OperatorCheck.Fails(new ModelBuilder()
            .Input("n", OnnxDataType.Int64)
            .Initializer("zero", [1], 0L).Initializer("two", [1], 2L)
            .Node("Unsqueeze", ["n", "zero"], ["v"]).Node("Concat", ["v", "two"], ["shape"], ("axis", 0))
            .Node("ConstantOfShape", ["shape"], ["y"]).Output("y"));
        diagnostic.Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);
        diagnostic.Message.ShouldContain("--dim n.value=1..64");
    }

    [Theory]
    [InlineData("m.value=1..4", DiagnosticCodes.DimensionUnknown)]
    [InlineData("s.value[0]=1..4", DiagnosticCodes.OptionInvalid)]
    public void Declarations_for_nothing_and_for_a_part_are_errors(string range, string code) => OperatorCheck.Fails(
        new ModelBuilder().Input("s", OnnxDataType.Int64, 2).Node("Neg", ["s"], ["y"]).Output("y"),
        new CompilerOptions { Dimensions = OptionParser.Dimensions(range) }).Code.ShouldBe(code);

    private static CompiledModel Compile(ModelBuilder model, string ranges) => CompiledModel.Compile(
        model.ToBytes(), "auto", new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges), CheckedArena = true });

    /// <summary>Compares the compiled model with the plain evaluation of the same graph.</summary>
    private static void Check(ModelBuilder model, string ranges, params Tensor[] inputs)
    {
        IReadOnlyList<Tensor> actual = Compile(model, ranges).RunAt([], inputs);
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges) }), inputs);
        for (int i = 0; i < expected.Count; i++)
        {
            OperatorCheck.AssertClose(actual[i], expected[i], 1e-6, 1e-6, $"output {i}");
        }
    }

    private static Tensor Int(long value) => Tensor.Create(ElementType.Int64, Shape.Scalar, [value]);

    private static Tensor Ints(params long[] values) => Tensor.Vector(values);

    private static Tensor Floats(params float[] values) => Tensor.Create(ElementType.Float32, new Shape(values.Length), values);
}
