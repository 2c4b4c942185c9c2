using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Pooling and reductions on channels in blocks of 16, as they stand between convolutions.</summary>
public sealed class BlockedReductionTests
{
    [Theory]
    [InlineData("MaxPool", 16, 3, 2, 1, 1, 0)]
    [InlineData("MaxPool", 37, 3, 2, 1, 1, 0)]
    [InlineData("AveragePool", 37, 3, 1, 1, 1, 0)]
    [InlineData("AveragePool", 37, 3, 2, 0, 2, 1)]
    [InlineData("AveragePool", 37, 9, 2, 1, 1, 1)]
    [InlineData("LpPool", 20, 2, 2, 0, 1, 1)]
    public void Pools(string op, long channels, long kernel, long stride, long pad, long dilation, long ceil)
    {
        ModelBuilder model = Convolution("x", "b", channels)
            .Node(
                op,
                ["b"],
                ["p"],
                ("kernel_shape", new[] { kernel, kernel }),
                ("strides", new[] { stride, stride }),
                ("pads", new[] { pad, pad, pad, pad }),
                ("dilations", new[] { dilation, dilation }),
                ("ceil_mode", ceil))
            .Initializer("w2", [8, channels, 3, 3], Weights(8 * (int)channels * 9))
            .Node("Conv", ["p", "w2"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y")
            .Output("p");
        OperatorCheck.Run(model, absolute: 1e-4);
        CompiledModel.Compile(model.ToBytes()).Result.Sources.ShouldContain(static s => s.Text.Contains(", 16 channels", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Reduces() => OperatorCheck.Run(
        Convolution("x", "b", 37)
            .Initializer("spatial", [2], 2L, 3L)
            .Initializer("rows", [2], 1L, 3L)
            .Node("GlobalAveragePool", ["b"], ["average"])
            .Node("GlobalMaxPool", ["b"], ["largest"])
            .Node("ReduceMean", ["b", "spatial"], ["kept"])
            .Node("ReduceMean", ["b", "spatial"], ["dropped"], ("keepdims", 0))
            .Node("ReduceMax", ["b", "rows"], ["across"], ("keepdims", 0))
            .Node("ReduceLogSumExp", ["b", "spatial"], ["exponentials"])
            .Node("Softmax", ["b"], ["soft"], ("axis", 1))
            .Node("LRN", ["b"], ["response"], ("size", 5))
            .Node("ArgMax", ["b"], ["best"], ("axis", 1))
            .Output("average")
            .Output("largest")
            .Output("kept")
            .Output("dropped")
            .Output("across")
            .Output("exponentials")
            .Output("soft")
            .Output("response")
            .Output("best"),
        absolute: 1e-5);

    private static ModelBuilder Convolution(string input, string output, long channels) => new ModelBuilder(opset: 20)
        .Input(input, OnnxDataType.Float, 2, 16, 11, 13)
        .Initializer("w", [channels, 16, 1, 1], Weights((int)channels * 16))
        .Node("Conv", [input, "w"], [output]);

    private static float[] Weights(int count)
    {
        var random = new System.Random(1);
        return Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
    }
}
