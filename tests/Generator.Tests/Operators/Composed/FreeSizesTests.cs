using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Composed;

/// <summary>Operators that are expressions of others, of sizes that each run chooses.</summary>
public sealed class FreeSizesTests
{
    private static readonly string[] _sizes = ["n=1;h=1;w=1;p=1", "n=3;h=7;w=9;p=5", "n=2;h=4;w=1;p=3", "n=1;h=1;w=6;p=2"];

    [Theory]
    [InlineData("linear", "zeros", 0)]
    [InlineData("linear", "border", 1)]
    [InlineData("linear", "reflection", 0)]
    [InlineData("linear", "reflection", 1)]
    [InlineData("nearest", "zeros", 1)]
    [InlineData("nearest", "reflection", 1)]
    [InlineData("cubic", "zeros", 0)]
    [InlineData("cubic", "reflection", 0)]
    public void GridSample(string mode, string padding, int corners) => RunTimeSizesCheck.Run(
        new ModelBuilder(20).Input("x", OnnxDataType.Float, ["n", 3, "h", "w"]).Input("g", OnnxDataType.Float, ["n", "p", 4, 2])
            .Node("GridSample", ["x", "g"], ["y"], ("mode", mode), ("padding_mode", padding), ("align_corners", corners)).Output("y"),
        "n=1..3;h=1..7;w=1..9;p=1..5",
        _sizes,
        low: -1.5f,
        high: 1.5f,
        relative: 1e-3);

    [Theory]
    [InlineData(0, "avg")]
    [InlineData(2, "avg")]
    [InlineData(2, "max")]
    public void RoiAlign(int samples, string mode) => RunTimeSizesCheck.Run(
        new ModelBuilder(16).Input("x", OnnxDataType.Float, ["n", 3, "h", "w"]).Input("r", OnnxDataType.Float, ["p", 4]).Input("zero", OnnxDataType.Int64, ["p"])
            .Initializer("none", [], 0L).Node("Mul", ["zero", "none"], ["b"])
            .Node("RoiAlign", ["x", "r", "b"], ["y"], ("output_height", 2), ("output_width", 3), ("sampling_ratio", samples), ("mode", mode)).Output("y"),
        "n=1..3;h=1..7;w=1..9;p=1..5",
        _sizes,
        low: -1,
        high: 6,
        relative: 1e-3);

    /// <summary>As long as the signal, or a single number.</summary>
    [Theory]
    [InlineData("HannWindow", 1, 1)]
    [InlineData("HammingWindow", 0, 1)]
    [InlineData("BlackmanWindow", 0, 11)]
    [InlineData("BlackmanWindow", 1, 6)]
    public void Windows(string op, int periodic, int type) => RunTimeSizesCheck.Run(
        new ModelBuilder(17).Input("x", OnnxDataType.Float, [2, "w"]).Initializer("axis", [], 1L)
            .Node("Shape", ["x"], ["shape"]).Node("Gather", ["shape", "axis"], ["length"])
            .Node(op, ["length"], ["window"], ("periodic", periodic), ("output_datatype", type)).Node("Cast", ["window"], ["real"], ("to", 1))
            .Node("Mul", ["x", "real"], ["y"]).Output("y"),
        "w=1..9",
        ["w=1", "w=2", "w=5", "w=9"]);

    /// <summary>Neither the batch nor the number of windows is known, and both stand before the matrices.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ProductsOfWindows(bool transposed) => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.Float, ["n", "p", "h", 16]).Input("b", OnnxDataType.Float, transposed ? ["n", "p", "w", 16] : ["n", "p", 16, "w"])
            .Node("Transpose", ["b"], ["t"], ("perm", transposed ? new long[] { 0, 1, 3, 2 } : [0, 1, 2, 3]))
            .Node("MatMul", ["a", "t"], ["y"]).Output("y"),
        "n=1..3;h=1..7;w=1..9;p=1..5",
        _sizes,
        relative: 1e-4);

    /// <summary>Rows of unknown length, each repeated by another unknown number.</summary>
    [Fact]
    public void Tile() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, [2, "w"]).Input("like", OnnxDataType.Float, ["p"])
            .Initializer("one", [1], 1L).Node("Shape", ["like"], ["r"]).Node("Concat", ["one", "r"], ["repeats"], ("axis", 0))
            .Node("Tile", ["x", "repeats"], ["y"]).Output("y"),
        "w=1..9;p=1..5",
        ["w=1;p=1", "w=9;p=5", "w=4;p=3"]);

    [Theory]
    [InlineData("DFT", 0)]
    [InlineData("DFT", 1)]
    public void Transforms(string op, int onesided) => RunTimeSizesCheck.Run(
        new ModelBuilder(17).Input("x", OnnxDataType.Float, ["n", 16, "h", 1])
            .Node(op, ["x"], ["y"], ("axis", 1), ("onesided", onesided)).Output("y"),
        "n=1..3;h=1..7",
        ["n=1;h=1", "n=3;h=7", "n=2;h=4"],
        relative: 1e-3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ShortTimeTransforms(bool window) => RunTimeSizesCheck.Run(
        new ModelBuilder(17).Input("x", OnnxDataType.Float, ["n", "length", 1])
            .Initializer("step", [], 3L).Initializer("frame", [], 8L).Initializer("win", [8], Enumerable.Range(1, 8).Select(static i => 1f / i).ToArray())
            .Node("STFT", ["x", "step", window ? "win" : "", "frame"], ["y"]).Output("y"),
        "n=1..3;length=8..40",
        ["n=1;length=8", "n=3;length=40", "n=2;length=22"],
        relative: 1e-3);

    [Fact]
    public void DeformConv() => RunTimeSizesCheck.Run(
        new ModelBuilder(19).Input("x", OnnxDataType.Float, ["n", 4, "h", "w"]).Input("o", OnnxDataType.Float, ["n", 36, "h", "w"]).Input("m", OnnxDataType.Float, ["n", 18, "h", "w"])
            .Initializer("k", [6, 2, 3, 3], Weights.Random(108, 1)).Initializer("b", [6], Weights.Random(6, 2))
            .Node("DeformConv", ["x", "k", "o", "b", "m"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }), ("group", 2), ("offset_group", 2)).Output("y"),
        "n=1..3;h=1..7;w=1..9",
        ["n=1;h=1;w=1", "n=3;h=7;w=9", "n=2;h=4;w=2"],
        relative: 1e-3);

    [Theory]
    [InlineData("NegativeLogLikelihoodLoss", "mean")]
    [InlineData("SoftmaxCrossEntropyLoss", "mean")]
    [InlineData("SoftmaxCrossEntropyLoss", "none")]
    public void Losses(string op, string reduction) => RunTimeSizesCheck.Run(
        new ModelBuilder(13).Input("x", OnnxDataType.Float, ["n", 5, "w"]).Input("t", OnnxDataType.Int64, ["n", "w"]).Initializer("k", [5], 1f, 2f, 3f, 4f, 5f)
            .Node(op, ["x", "t", "k"], ["y"], ("reduction", reduction), ("ignore_index", 2)).Output("y"),
        "n=1..3;w=1..9",
        ["n=1;w=1", "n=3;w=9", "n=2;w=4"],
        low: 0,
        high: 4,
        relative: 1e-4);

    /// <summary>As many classes as the run has.</summary>
    [Theory]
    [InlineData("NegativeLogLikelihoodLoss")]
    [InlineData("SoftmaxCrossEntropyLoss")]
    public void LossesOfClassesOfTheRun(string op) => RunTimeSizesCheck.Run(
        new ModelBuilder(13).Input("x", OnnxDataType.Float, ["n", "h", 4]).Input("t", OnnxDataType.Int64, ["n", 4]).Input("k", OnnxDataType.Float, ["h"])
            .Node(op, ["x", "t", "k"], ["y"]).Output("y"),
        "n=1..3;h=3..9",
        ["n=1;h=3", "n=3;h=9", "n=2;h=5"],
        low: 0.1f,
        high: 2,
        relative: 1e-4);

    [Fact]
    public void CenterCropPad() => RunTimeSizesCheck.Run(
        new ModelBuilder(18).Input("x", OnnxDataType.Float, ["n", "h", "w"]).Initializer("s", [2], 4L, 5L)
            .Node("CenterCropPad", ["x", "s"], ["y"], ("axes", new long[] { 1, 2 })).Output("y"),
        "n=1..3;h=1..7;w=1..9",
        ["n=1;h=1;w=1", "n=3;h=7;w=9", "n=2;h=4;w=6"]);

    /// <summary>As large as another tensor is.</summary>
    [Fact]
    public void CenterCropPadToSizesOfTheRun() => RunTimeSizesCheck.Run(
        new ModelBuilder(18).Input("x", OnnxDataType.Float, [2, "h", 5]).Input("like", OnnxDataType.Float, ["w", "p"]).Node("Shape", ["like"], ["s"])
            .Node("CenterCropPad", ["x", "s"], ["y"], ("axes", new long[] { 1, 2 })).Output("y"),
        "h=1..7;w=1..9;p=1..9",
        ["h=1;w=1;p=1", "h=7;w=9;p=4", "h=4;w=2;p=9", "h=3;w=6;p=5"]);

    /// <summary>The grid of an image whose size the run chooses, or only of as many images.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AffineGrid(int corners)
    {
        RunTimeSizesCheck.Run(
            new ModelBuilder(20).Input("t", OnnxDataType.Float, ["n", 2, 3]).Input("x", OnnxDataType.Float, ["n", 3, "h", "w"]).Node("Shape", ["x"], ["s"])
                .Node("AffineGrid", ["t", "s"], ["y"], ("align_corners", corners)).Output("y"),
            "n=1..3;h=1..7;w=1..9",
            ["n=1;h=1;w=1", "n=3;h=7;w=9", "n=2;h=4;w=1"]);
        RunTimeSizesCheck.Run(
            new ModelBuilder(20).Input("t", OnnxDataType.Float, ["n", 3, 4]).Input("x", OnnxDataType.Float, ["n", 3, 2, 4, 5]).Node("Shape", ["x"], ["s"])
                .Node("AffineGrid", ["t", "s"], ["y"], ("align_corners", corners)).Output("y"),
            "n=1..3",
            ["n=1", "n=3"]);
    }

    /// <summary>Samples of the run, or an image that is put together as it was taken apart.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public void Col2Im(long stride, long pad)
    {
        long[] strides = [stride, stride];
        long[] pads = [pad, pad, pad, pad];
        long blocks = (((6 + (2 * pad) - 2) / stride) + 1) * (((7 + (2 * pad) - 2) / stride) + 1);
        RunTimeSizesCheck.Run(
            new ModelBuilder(18).Input("x", OnnxDataType.Float, ["n", 12, blocks]).Initializer("i", [2], 6L, 7L).Initializer("b", [2], 2L, 2L)
                .Node("Col2Im", ["x", "i", "b"], ["y"], ("strides", strides), ("pads", pads)).Output("y"),
            "n=1..3",
            ["n=1", "n=3"]);
        RunTimeSizesCheck.Run(
            new ModelBuilder(18).Input("x", OnnxDataType.Float, [2, 3, "h", "w"]).Initializer("pick", [12, 3, 2, 2], Weights.Random(144, 1)).Initializer("b", [2], 2L, 2L)
                .Node("Conv", ["x", "pick"], ["c"], ("strides", strides), ("pads", pads)).Initializer("flat", [3], 0L, 0L, -1L).Node("Reshape", ["c", "flat"], ["columns"])
                .Node("Shape", ["x"], ["i"], ("start", 2))
                .Node("Col2Im", ["columns", "i", "b"], ["y"], ("strides", strides), ("pads", pads)).Output("y"),
            "h=2..9;w=2..8",
            ["h=2;w=2", "h=9;w=8", "h=5;w=3", "h=4;w=7"],
            relative: 1e-4);
    }

    [Theory]
    [InlineData("gated_delta", true)]
    [InlineData("linear", false)]
    public void LinearAttention(string rule, bool hasPast)
    {
        ModelBuilder model = new ModelBuilder(27)
            .Input("q", OnnxDataType.Float, ["n", "h", 32]).Input("k", OnnxDataType.Float, ["n", "h", 16]).Input("v", OnnxDataType.Float, ["n", "h", 12]);
        string[] inputs = ["q", "k", "v", "", "", ""];
        if (hasPast)
        {
            model.Input("past", OnnxDataType.Float, ["n", 2, 8, 6]).Input("decay", OnnxDataType.Float, ["n", "h", 2]).Input("beta", OnnxDataType.Float, ["n", "h", 2]);
            inputs = ["q", "k", "v", "past", "decay", "beta"];
        }

        RunTimeSizesCheck.Run(
            model.Node("LinearAttention", inputs, ["y", "present"], ("q_num_heads", 4), ("kv_num_heads", 2), ("update_rule", rule)).Output("y").Output("present"),
            "n=1..3;h=1..7",
            ["n=1;h=1", "n=3;h=7", "n=2;h=4"],
            low: -0.5f,
            high: 0.5f,
            relative: 1e-3);
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [InlineData(false, 1)]
    public void CausalConvWithState(bool hasPast, int taps)
    {
        ModelBuilder model = new ModelBuilder(27).Input("x", OnnxDataType.Float, ["n", 6, "h"]).Initializer("k", [6, 1, taps], Weights.Random(6 * taps, 1));
        if (hasPast)
        {
            model.Input("past", OnnxDataType.Float, ["n", 6, taps - 1]);
        }

        RunTimeSizesCheck.Run(
            model.Node("CausalConvWithState", ["x", "k", "", hasPast ? "past" : ""], ["y", "present"], ("activation", "silu")).Output("y").Output("present"),
            "n=1..3;h=1..7",
            ["n=1;h=1", "n=3;h=7", "n=2;h=2"],
            relative: 1e-4);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(2, 1, 1)]
    public void TransformsOfLengthsOfTheRun(int parts, int inverse, int onesided) => RunTimeSizesCheck.Run(
        new ModelBuilder(20).Input("x", OnnxDataType.Float, ["n", "length", 3, parts]).Initializer("axis", [], 1L)
            .Node("DFT", ["x", "", "axis"], ["y"], ("inverse", inverse), ("onesided", onesided)).Output("y"),
        "n=1..3;length=2..17",
        ["n=1;length=2", "n=3;length=17", "n=2;length=8", "n=1;length=9"],
        relative: 1e-3);

    /// <summary>The transform has 8 points whatever the signal has.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TransformsOfOneLength(int onesided) => RunTimeSizesCheck.Run(
        new ModelBuilder(20).Input("x", OnnxDataType.Float, [2, "length", 1]).Initializer("points", [], 8L)
            .Node("DFT", ["x", "points"], ["y"], ("onesided", onesided)).Output("y"),
        "length=2..17",
        ["length=2", "length=17", "length=8"],
        relative: 1e-3);

    [Fact]
    public void MaxUnpool() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, ["n", 3, "h", "w"])
            .Node("MaxPool", ["x"], ["p", "i"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Node("MaxUnpool", ["p", "i"], ["y"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })).Output("y"),
        "n=1..3;h=2..8:2;w=2..10:2",
        ["n=1;h=2;w=2", "n=3;h=8;w=10", "n=2;h=4;w=6"]);

    [Fact]
    public void FlexAttention() => RunTimeSizesCheck.Run(
        new ModelBuilder(26).Import("ai.onnx.preview", 1)
            .Input("q", OnnxDataType.Float, ["n", 4, "h", 8]).Input("k", OnnxDataType.Float, ["n", 2, "w", 8]).Input("v", OnnxDataType.Float, ["n", 2, "w", 6])
            .Node("ai.onnx.preview", "FlexAttention", ["q", "k", "v"], ["y"]).Output("y"),
        "n=1..3;h=1..7;w=1..9",
        ["n=1;h=1;w=1", "n=3;h=7;w=9", "n=2;h=4;w=6"],
        relative: 1e-4);
}
