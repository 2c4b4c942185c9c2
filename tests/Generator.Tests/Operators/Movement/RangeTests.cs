using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class RangeTests
{
    [Theory]
    [InlineData(0L, 5L, 2L, new long[] { 0, 2, 4 })]
    [InlineData(10L, 4L, -2L, new long[] { 10, 8, 6 })]
    [InlineData(3L, 3L, 1L, new long[] { })]
    [InlineData(3L, 0L, 1L, new long[] { })]
    public void CountsIntegers(long start, long limit, long delta, long[] expected)
    {
        ModelBuilder model = new ModelBuilder()
            .Initializer("a", [], start).Initializer("b", [], limit).Initializer("c", [], delta)
            .Node("Range", ["a", "b", "c"], ["y"])
            .Output("y");
        ScheduleCheck.Evaluate(model).ToInt64Array().ShouldBe(expected);
        OperatorCheck.Run(model);
    }

    [Theory]
    [InlineData(0f, float.PositiveInfinity, 1f)]
    [InlineData(0f, 1f, 0f)]
    [InlineData(0f, float.NaN, 1f)]
    public void RefusesEndlessRanges(float start, float limit, float delta) => OperatorCheck.Fails(new ModelBuilder()
        .Initializer("a", [], start).Initializer("b", [], limit).Initializer("c", [], delta)
        .Node("Range", ["a", "b", "c"], ["y"])
        .Output("y")).Code.ShouldBeOneOf(DiagnosticCodes.ShapeMismatch, DiagnosticCodes.TooLarge);

    /// <summary>Positions of rows and of columns, say: the longer ones are the weights, the shorter ones their beginning.</summary>
    [Fact]
    public void Numbers_alike_share_their_constant()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, ["n", "m"]).Initializer("zero", [], 0L).Initializer("one", [], 1L).Initializer("two", [], 2L);
        foreach (string axis in new[] { "zero", "one" })
        {
            model.Node("Shape", ["x"], [$"{axis}.shape"]).Node("Gather", [$"{axis}.shape", axis], [$"{axis}.length"])
                .Node("Range", ["zero", $"{axis}.length", "one"], [$"{axis}.y"]).Output($"{axis}.y");
        }

        RunTimeSizesCheck.Run(model, "n=1..100,m=1..300", ["n=1,m=300", "n=100,m=7"]);
        DataSizesCheck.Compile(model, "n=1..100,m=1..300").Result.Plan!.WeightBytes.ShouldBeInRange(2_400, 2_700);
    }

    /// <summary>Start, limit and step are inputs of the model; the same numbers as constants give the values and how many there are.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Float16)]
    [InlineData((int)OnnxDataType.BFloat16)]
    [InlineData((int)OnnxDataType.Int16)]
    [InlineData((int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.Int64)]
    public void All_numbers_may_be_data(int elements)
    {
        var type = (OnnxDataType)elements;
        double[][] cases = type is OnnxDataType.Int16 or OnnxDataType.Int32 or OnnxDataType.Int64
            ? [[2, 9, 3], [9, 2, -3], [-5, -4, 1], [3, 3, 2], [3, 0, 1], [0, 12, 1]]
            : [[0.5, 3, 0.25], [2, -1, -0.5], [-1, -0.875, 0.5], [1, 1, 1], [1, 0.5, 0.25], [0, 12, 1]];
        CompiledModel dynamic = DataSizesCheck.Compile(
            new ModelBuilder(27).Input("a", type).Input("b", type).Input("c", type).Node("Range", ["a", "b", "c"], ["y"]).Output("y"), "y.shape.value=0..12");
        foreach (double[] numbers in cases)
        {
            Tensor[] inputs = numbers.Select(v => Scalar((ElementType)(int)type, v)).ToArray();
            Tensor expected = ScheduleCheck.Evaluate(new ModelBuilder(27)
                .RawInitializer("a", type, [], inputs[0].Bytes.ToArray()).RawInitializer("b", type, [], inputs[1].Bytes.ToArray()).RawInitializer("c", type, [], inputs[2].Bytes.ToArray())
                .Node("Range", ["a", "b", "c"], ["y"]).Output("y"));
            Tensor actual = dynamic.RunAt([], inputs)[0];
            actual.Shape.ShouldBe(expected.Shape, string.Join(" ", numbers));
            actual.Bytes.ToArray().ShouldBe(expected.Bytes.ToArray(), string.Join(" ", numbers));
        }
    }

    /// <summary>A limit that is cut off bounds the length, so that nothing need be declared.</summary>
    [Fact]
    public void A_length_may_follow_from_bounds()
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder()
            .Input("a", OnnxDataType.Float).Initializer("zero", [], 0f).Initializer("most", [], 4f).Initializer("step", [], 0.5f)
            .Node("Clip", ["a", "zero", "most"], ["limit"]).Node("Range", ["zero", "limit", "step"], ["y"]).Output("y").ToBytes());
        model.Graph.Outputs[0].Value.Shape.ShouldSatisfyAllConditions(static s => s.IsDynamicAt(0).ShouldBeTrue(), static s => s[0].ShouldBe(8));
        model.RunAt([], Scalar(ElementType.Float32, 1.75))[0].AsSpan<float>().ToArray().ShouldBe([0f, 0.5f, 1f, 1.5f]);
        model.RunAt([], Scalar(ElementType.Float32, 100))[0].Shape[0].ShouldBe(8);
    }

    [Theory]
    [InlineData(0.0, 2.0, 0.0)]
    [InlineData(0.0, double.NaN, 1.0)]
    [InlineData(0.0, 13.0, 1.0)]
    public void Lengths_beyond_the_declaration_end_the_run(double start, double limit, double delta) => Should.Throw<ArgumentOutOfRangeException>(() => DataSizesCheck.Compile(
            new ModelBuilder().Input("a", OnnxDataType.Double).Input("b", OnnxDataType.Double).Input("c", OnnxDataType.Double).Node("Range", ["a", "b", "c"], ["y"]).Output("y"),
            "y.shape.value=0..12")
        .RunAt([], new[] { start, limit, delta }.Select(static v => Scalar(ElementType.Float64, v)).ToArray()));

    [Fact]
    public void Says_what_must_be_declared() => OperatorCheck.Fails(
            new ModelBuilder().Input("a", OnnxDataType.Float).Initializer("zero", [], 0f).Initializer("step", [], 0.5f).Node("Range", ["zero", "a", "step"], ["times"]).Output("times"))
        .Message.ShouldContain("--dim times.shape.value=0..512");

    private static Tensor Scalar(ElementType type, double value)
    {
        var bytes = new byte[type.Size()];
        ElementEvaluation.Write(bytes, type, 0, value);
        return Tensor.FromBytes(type, Shape.Scalar, bytes, "scalar");
    }
}
