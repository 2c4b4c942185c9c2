using System;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators;

/// <summary>auto_pad where the cells before and behind the input differ from size to size of the run.</summary>
public sealed class SamePaddingTests
{
    private const string Ranges = "height=1..13;width=1..21";

    private static readonly string[] _sizes = ["height=1;width=1", "height=13;width=21", "height=12;width=20", "height=6;width=19", "height=7;width=6"];

    [Theory]
    [InlineData("SAME_UPPER", 2, 3, 1, 1)]
    [InlineData("SAME_LOWER", 2, 3, 1, 1)]
    [InlineData("SAME_UPPER", 4, 7, 1, 1)]
    [InlineData("SAME_LOWER", 3, 2, 1, 1)]
    [InlineData("SAME_UPPER", 3, 4, 2, 1)]
    [InlineData("SAME_UPPER", 2, 3, 1, 18)]
    public void Conv(string pad, long stride, long kernel, long dilation, int group) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [2, 18, "height", "width"])
            .Initializer("w", [18, 18 / group, kernel, kernel], Weights.Random((int)(18 * (18 / group) * kernel * kernel), 1))
            .Initializer("b", [18], Weights.Random(18, 2))
            .Node("Conv", ["x", "w", "b"], ["c"], ("auto_pad", pad), ("strides", Twice(stride)), ("dilations", Twice(dilation)), ("group", group))
            .Node("MaxPool", ["x"], ["m"], ("auto_pad", pad), ("strides", Twice(stride)), ("dilations", Twice(dilation)), ("kernel_shape", Twice(kernel)))
            .Node("Add", ["c", "m"], ["s"])
            .Node("Relu", ["s"], ["y"])
            .Output("y"),
        Ranges,
        _sizes,
        relative: 1e-4);

    /// <summary>The weights are known only at run time, and so is how large they are.</summary>
    [Theory]
    [InlineData("SAME_UPPER")]
    [InlineData("SAME_LOWER")]
    public void ConvWithAKernelOfTheRun(string pad) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [2, 4, "height", 9])
            .Input("w", OnnxDataType.Float, ["outputs", 2, "kernel", 3])
            .Input("b", OnnxDataType.Float, ["outputs"])
            .Node("Conv", ["x", "w", "b"], ["y"], ("auto_pad", pad), ("strides", new long[] { 3, 2 }), ("group", 2))
            .Output("y"),
        "height=1..13;outputs=2..6:2;kernel=1..6",
        ["height=1;outputs=2;kernel=1", "height=13;outputs=6;kernel=6", "height=8;outputs=4;kernel=3"],
        relative: 1e-4);

    [Theory]
    [InlineData("MaxPool", (int)OnnxDataType.Float, 0)]
    [InlineData("MaxPool", (int)OnnxDataType.Int8, 0)]
    [InlineData("MaxPool", (int)OnnxDataType.UInt8, 0)]
    [InlineData("MaxPool", (int)OnnxDataType.Float16, 0)]
    [InlineData("AveragePool", (int)OnnxDataType.Float, 0)]
    [InlineData("AveragePool", (int)OnnxDataType.Float, 1)]
    [InlineData("AveragePool", (int)OnnxDataType.Double, 0)]
    [InlineData("LpPool", (int)OnnxDataType.Float, 0)]
    public void Pools(string op, int type, int counts)
    {
        foreach (string pad in new[] { "SAME_UPPER", "SAME_LOWER" })
        {
            (string, object)[] attributes = [("auto_pad", pad), ("strides", new long[] { 2, 3 }), ("kernel_shape", new long[] { 3, 4 })];
            RunTimeSizesCheck.Run(
                new ModelBuilder()
                    .Input("x", (OnnxDataType)type, [2, 3, "height", "width"])
                    .Node(op, ["x"], ["y"], op == "AveragePool" ? [.. attributes, ("count_include_pad", counts)] : attributes)
                    .Output("y"),
                Ranges,
                _sizes,
                low: type == (int)OnnxDataType.UInt8 ? 0 : -9,
                high: 9);
        }
    }

    /// <summary>Positions count the cells of the input, not those of the padding.</summary>
    [Theory]
    [InlineData("SAME_UPPER", 0)]
    [InlineData("SAME_LOWER", 1)]
    [InlineData("NOTSET", 1)]
    public void PositionsOfMaxima(string pad, int order) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["batch", 3, "height", "width"])
            .Node("MaxPool", ["x"], ["y", "i"], ("auto_pad", pad), ("strides", new long[] { 2, 3 }), ("kernel_shape", pad == "NOTSET" ? new long[] { 1, 1 } : [3, 4]), ("storage_order", order))
            .Output("y").Output("i", OnnxDataType.Int64),
        "batch=1..3;" + Ranges,
        Array.ConvertAll(_sizes, static s => "batch=2;" + s));

    [Theory]
    [InlineData("SAME_UPPER")]
    [InlineData("SAME_LOWER")]
    public void WholeNumbers(string pad) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.UInt8, [1, 16, "height", "width"])
            .Initializer("w", [16, 16, 3, 3], Codes(16 * 16 * 9))
            .Initializer("zero", [], (byte)7)
            .Initializer("s", [], 0.5f)
            .Initializer("t", [], 90f)
            .Node("ConvInteger", ["x", "w", "zero", "zero"], ["i"], ("auto_pad", pad), ("strides", Twice(2)))
            .Node("QLinearConv", ["x", "s", "zero", "w", "s", "zero", "t", "zero"], ["q"], ("auto_pad", pad), ("strides", Twice(2)))
            .Output("i", OnnxDataType.Int32).Output("q", OnnxDataType.UInt8),
        Ranges,
        _sizes,
        low: 0,
        high: 20);

    private static long[] Twice(long number) => [number, number];

    private static byte[] Codes(int count) => Array.ConvertAll(Weights.Random(count, 3), static w => (byte)(7 + (10 * w)));
}
