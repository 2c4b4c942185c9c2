using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ReshapeToSizesTests
{
    /// <summary>[n, -1], [-1, n] and [3, n, -1], of an input that is [24, width], and sums of the rows, which only the actual length gives.</summary>
    [Theory]
    [InlineData("n rest", 1)]
    [InlineData("n rest", 4)]
    [InlineData("n rest", 12)]
    [InlineData("rest n", 6)]
    [InlineData("three n rest", 2)]
    [InlineData("zero rest n", 5)]
    public void ANumberOfTheRunAndWhatRemains(string form, long n)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, [24, "width"]).Input("n", OnnxDataType.Int64, 1)
            .Initializer("rest", [1], -1L).Initializer("three", [1], 3L).Initializer("zero", [1], 0L)
            .Node("Concat", form.Split(' '), ["shape"], ("axis", 0))
            .Node("Reshape", ["x", "shape"], ["r"]).Node("ReduceSum", ["r"], ["sums"], ("keepdims", 0)).Node("ReduceMax", ["r"], ["y"])
            .Node("Softmax", ["r"], ["s"]).Output("r").Output("sums").Output("s");
        Tensor x = Counting(new Shape(24, 5));
        CompiledModel compiled = DataSizesCheck.Compile(model, "n.value=1..12;width=1..7");
        var results = compiled.RunAt([5], x, DataSizesCheck.Ints(n));
        int[] expected = form.Split(' ').Select(part => part switch { "n" => (int)n, "three" => 3, "zero" => 24, _ => -1 }).ToArray();
        expected[Array.IndexOf(expected, -1)] = 120 / -expected.Aggregate(1, static (product, d) => product * d);
        results[0].Shape.ShouldBe(new Shape(expected));
        results[0].Floats().ToArray().ShouldBe(x.Floats().ToArray());
        results[1].Floats()[0].ShouldBe(x.Floats().ToArray().Sum(), 1e-3);
        results[2].Floats().ToArray().Sum().ShouldBe(expected.Take(expected.Length - 1).Aggregate(1, static (product, d) => product * d), 1e-3);
        DataSizesCheck.Check(model, "n.value=1..12;width=5..5", x, DataSizesCheck.Ints(n));
    }

    [Fact]
    public void AllDimensionsOfTheRun()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 24).Input("shape", OnnxDataType.Int64, 3)
            .Node("Reshape", ["x", "shape"], ["r"]).Node("Transpose", ["r"], ["y"]).Output("y");
        Tensor x = Counting(new Shape(24));
        foreach (long[] shape in new long[][] { [2, 3, 4], [1, 24, 1], [6, 2, 2] })
        {
            DataSizesCheck.Check(model, "shape.value=1..24", x, Tensor.Vector(shape));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void ANumberThatDoesNotDivideEndsTheRun(long n) => Should.Throw<ArgumentOutOfRangeException>(() => DataSizesCheck.Compile(
            new ModelBuilder().Input("x", OnnxDataType.Float, 24).Input("n", OnnxDataType.Int64, 1).Initializer("rest", [1], -1L)
                .Node("Concat", ["n", "rest"], ["shape"], ("axis", 0)).Node("Reshape", ["x", "shape"], ["y"]).Output("y"),
            "n.value=1..12")
        .RunAt([], Counting(new Shape(24)), DataSizesCheck.Ints(n)));

    [Fact]
    public void AShapeThatDoesNotFitEndsTheRun() => Should.Throw<ArgumentOutOfRangeException>(() => DataSizesCheck.Compile(
            new ModelBuilder().Input("x", OnnxDataType.Float, 24).Input("shape", OnnxDataType.Int64, 2).Node("Reshape", ["x", "shape"], ["r"]).Node("Abs", ["r"], ["y"]).Output("y"),
            "shape.value=1..24")
        .RunAt([], Counting(new Shape(24)), Tensor.Vector(23, 24)));

    /// <summary>A number that is bounded needs no declaration.</summary>
    [Fact]
    public void ANumberWithBounds() => DataSizesCheck.Check(
        new ModelBuilder().Input("x", OnnxDataType.Float, 4, 24).Input("n", OnnxDataType.Int64, 1).Initializer("rest", [1], -1L).Initializer("least", [], 1L).Initializer("most", [], 8L)
            .Node("Clip", ["n", "least", "most"], ["c"]).Node("Concat", ["rest", "c"], ["shape"], ("axis", 0)).Node("Reshape", ["x", "shape"], ["r"]).Node("Exp", ["r"], ["y"]).Output("y"),
        string.Empty,
        Counting(new Shape(4, 24)),
        DataSizesCheck.Ints(6));

    private static Tensor Counting(Shape shape) => Tensor.Create(ElementType.Float32, shape, Enumerable.Range(0, (int)shape.ElementCount).Select(static i => (float)Math.Sin(i)).ToArray());
}
