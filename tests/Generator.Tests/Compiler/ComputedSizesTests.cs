using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators.Selection;

namespace AotCompiler.Tests.Compiler;

/// <summary>Operators behind a count that is found in the data, from none to all.</summary>
public sealed class ComputedSizesTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(0.6f)]
    [InlineData(1f)]
    public void Positions(float share) => NonZeroTests.RunOnShare(
        Rows()
            .Initializer("depth", [1], 5L)
            .Initializer("values", [2], -1f, 2f)
            .Initializer("axis0", [], 0L)
            .Initializer("axis1", [], 1L)
            .Node("ArgMax", ["rows"], ["best"], ("axis", 1))
            .Node("ArgMin", ["wide"], ["least"], ("axis", -1), ("keepdims", 0))
            .Node("OneHot", ["best", "depth", "values"], ["hot"], ("axis", 1))
            .Node("OneHot", ["index", "depth", "values"], ["hot0"], ("axis", 0))
            .Node("CumSum", ["rows", "axis1"], ["sums1"])
            .Node("CumSum", ["rows", "axis0"], ["sums0"])
            .Node("CumSum", ["rows", "axis0"], ["sumsX"], ("exclusive", 1))
            .Node("CumSum", ["rows", "axis0"], ["sumsR"], ("reverse", 1))
            .Node("CumSum", ["rows", "axis0"], ["sumsB"], ("reverse", 1), ("exclusive", 1))
            .Node("Hardmax", ["rows"], ["hard"], ("axis", 1))
            .Node("Hardmax", ["rows"], ["hard0"], ("axis", 0))
            .Output("best").Output("least").Output("hot").Output("hot0").Output("sums0").Output("sums1").Output("sumsX").Output("sumsR").Output("sumsB").Output("hard").Output("hard0"),
        share);

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(1f)]
    public void ReductionsOfPossiblyNothing(float share)
    {
        ModelBuilder model = Rows();
        foreach (string op in new[] { "ReduceMax", "ReduceMin", "ReduceSum", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp" })
        {
            model.Node(op, ["rows", "first"], [$"{op}0"]).Node(op, ["rows", "second"], [$"{op}1"], ("keepdims", 0)).Node(op, ["rows"], [op], ("keepdims", 0))
                .Output($"{op}0").Output($"{op}1").Output(op);
        }

        NonZeroTests.RunOnShare(model, share);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(1f)]
    public void MovementAndArithmetic(float share) => NonZeroTests.RunOnShare(
        Rows()
            .Initializer("pads", [4], 1L, 0L, 2L, 0L)
            .Initializer("repeats", [2], 2L, 1L)
            .Initializer("split", [2], 20L, 17L)
            .Initializer("minus", [1], -1L)
            .Initializer("lowest", [1], long.MinValue)
            .Initializer("w", [37, 3], Enumerable.Range(0, 37 * 3).Select(static i => (i % 11) * 0.1f).ToArray())
            .Initializer("b", [3], 1f, 2f, 3f)
            .Node("Pad", ["rows", "pads"], ["padded"])
            .Node("Tile", ["rows", "repeats"], ["tiled"])
            .Node("Split", ["rows", "split"], ["left", "right"], ("axis", 1))
            .Node("Slice", ["rows", "minus", "lowest", "first", "minus"], ["reversed"])
            .Node("Gemm", ["rows", "w", "b"], ["product"])
            .Node("Transpose", ["rows"], ["columns"], ("perm", new long[] { 1, 0 }))
            .Node("MatMul", ["columns", "rows"], ["gram"])
            .Node("MatMul", ["rows", "columns"], ["pairs"])
            .Node("Softmax", ["pairs"], ["weights"], ("axis", -1))
            .Node("MatMul", ["weights", "rows"], ["mixed"])
            .Node("LayerNormalization", ["rows", "scale"], ["normal"])
            .Initializer("scale", [37], Enumerable.Repeat(1.5f, 37).ToArray())
            .Node("Expand", ["first", "count"], ["zeros"])
            .Node("Shape", ["index"], ["count"])
            .Node("Sum", ["rows", "normal"], ["sum"])
            .Node("Clip", ["sum", "low"], ["y"])
            .Initializer("low", [], 0f)
            .Output("padded").Output("tiled").Output("left").Output("right").Output("reversed").Output("product").Output("gram").Output("mixed").Output("zeros").Output("y"),
        share);

    /// <summary>Rows of x that a vector selects: count × 37, their numbers, and the same with one column more.</summary>
    private static ModelBuilder Rows() => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 9, 37)
        .Input("mask", OnnxDataType.Bool, 9)
        .Initializer("first", [1], 0L)
        .Initializer("second", [1], 1L)
        .Node("NonZero", ["mask"], ["at"])
        .Node("Squeeze", ["at", "first"], ["index"])
        .Node("Gather", ["x", "index"], ["rows"])
        .Node("Cast", ["index"], ["indexF"], ("to", (int)OnnxDataType.Float))
        .Node("Unsqueeze", ["indexF", "second"], ["column"])
        .Node("Concat", ["rows", "column"], ["wide"], ("axis", 1));
}
