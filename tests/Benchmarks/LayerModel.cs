using System;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Benchmarks;

/// <summary>A model of one layer, as a benchmark of its kernel.</summary>
/// <param name="Name">What the layer is and its size.</param>
/// <param name="Build">Makes the model.</param>
public sealed record LayerModel(string Name, Func<byte[]> Build)
{
    private const string X = "x";
    private const string Y = "y";

    /// <summary>One layer of each kind that real networks spend their time in.</summary>
    public static LayerModel[] All { get; } =
    [
        Conv("first 7x7/2, 3 to 64, 224x224", 3, 64, 224, 7, stride: 2),
        Conv("3x3, 64 to 64, 56x56", 64, 64, 56, 3),
        Conv("3x3, 512 to 512, 7x7", 512, 512, 7, 3),
        Conv("3x3/2, 64 to 128, 56x56", 64, 128, 56, 3, stride: 2),
        Conv("1x1, 64 to 256, 56x56", 64, 256, 56, 1),
        Conv("1x1, 512 to 2048, 7x7", 512, 2048, 7, 1),
        Conv("depthwise 3x3, 96, 56x56", 96, 96, 56, 3, group: 96),
        Conv("depthwise 5x5, 240, 14x14", 240, 240, 14, 5, group: 240),
        Conv("grouped 3x3, 240 in 3, 28x28", 240, 240, 28, 3, group: 3),
        MatMul("GEMM 128x256x1024", 128, 256, 1024),
        MatMul("GEMV 1x1024x1000", 1, 1024, 1000),
        Recurrent("LSTM", 4, 16, 64, 128),
        Recurrent("GRU", 3, 16, 64, 128),
        Attention("attention, 4 heads of 64, 128 tokens", 4, 128, 64),
        Unary("softmax 128x512", "Softmax", [128, 512]),
        LayerNorm("layer normalisation 128x256", 128, 256),
        Unary("GELU 128x1024", "Gelu", [128, 1024]),
        Pool("max pooling 3x3/2, 64, 112x112", 64, 112),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static LayerModel Conv(string name, int channels, int filters, int size, int kernel, int stride = 1, int group = 1) => new($"Conv {name}", () =>
    {
        long[] weights = [filters, channels / group, kernel, kernel];
        return Model(1, channels, size, size)
            .Initializer("w", weights, Random(weights))
            .Initializer("b", [filters], Random(filters))
            .Node("Conv", [X, "w", "b"], ["sum"], ("strides", Twice(stride)), ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }), ("group", group))
            .Node("Relu", ["sum"], [Y]).Output(Y).ToBytes();
    });

    private static LayerModel MatMul(string name, int rows, int terms, int columns) => new(name, () => Model(rows, terms)
        .Initializer("w", [terms, columns], Random(terms, columns))
        .Initializer("b", [columns], Random(columns))
        .Node("Gemm", [X, "w", "b"], [Y]).Output(Y).ToBytes());

    private static LayerModel Recurrent(string type, int gates, int steps, int inputs, int hidden) => new($"{type} {steps} steps, {inputs} to {hidden}", () => Model(steps, 1, inputs)
        .Initializer("w", [1, gates * hidden, inputs], Random(1, gates * hidden, inputs))
        .Initializer("r", [1, gates * hidden, hidden], Random(1, gates * hidden, hidden))
        .Initializer("b", [1, 2 * gates * hidden], Random(2 * gates * hidden))
        .Node(type, [X, "w", "r", "b"], [Y], ("hidden_size", hidden)).Output(Y).ToBytes());

    private static LayerModel Attention(string name, int heads, int tokens, int width) => new(name, () => Model(1, heads, tokens, width)
        .Input("k", OnnxDataType.Float, 1, heads, width, tokens)
        .Input("v", OnnxDataType.Float, 1, heads, tokens, width)
        .Initializer("scale", [], 1 / MathF.Sqrt(width))
        .Node("MatMul", [X, "k"], ["scores"])
        .Node("Mul", ["scores", "scale"], ["scaled"])
        .Node("Softmax", ["scaled"], ["shares"], ("axis", -1))
        .Node("MatMul", ["shares", "v"], [Y]).Output(Y).ToBytes());

    private static LayerModel LayerNorm(string name, int rows, int columns) => new(name, () => Model(rows, columns)
        .Initializer("s", [columns], Random(columns))
        .Initializer("b", [columns], Random(columns))
        .Node("LayerNormalization", [X, "s", "b"], [Y], ("axis", -1)).Output(Y).ToBytes());

    private static LayerModel Unary(string name, string type, long[] shape) => new(name, () => Model(shape).Node(type, [X], [Y]).Output(Y).ToBytes());

    private static LayerModel Pool(string name, int channels, int size) => new(name, () => Model(1, channels, size, size)
        .Node("MaxPool", [X], [Y], ("kernel_shape", Twice(3)), ("strides", Twice(2)), ("pads", new long[] { 1, 1, 1, 1 })).Output(Y).ToBytes());

    private static ModelBuilder Model(params long[] shape) => new ModelBuilder().Input(X, OnnxDataType.Float, shape);

    private static float[] Random(params long[] shape) => Weights.Random(shape.Aggregate(1L, static (a, b) => a * b), shape.Length);

    private static long[] Twice(long value) => [value, value];
}
