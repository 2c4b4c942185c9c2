using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;
using static AotCompiler.Tests.Support.DataSizesCheck;

namespace AotCompiler.Tests.Compiler;

/// <summary>Shapes that depend on what a run's inputs hold: bounded by what is sliced, by how a number is computed, or by a declaration.</summary>
public sealed class DataSizesTests
{
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

    [Fact]
    public void A_range_may_begin_at_data() => Check(
        new ModelBuilder()
            .Input("a", OnnxDataType.Int64).Input("b", OnnxDataType.Int64).Initializer("step", [], 3L)
            .Node("Range", ["a", "b", "step"], ["y"]).Output("y"),
        "a.value=2..5;b.value=3..20", Int(4), Int(15));

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
}
