using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Compiler;

/// <summary>Kernels without a fast form at batches, and where they have any at lengths, that only the run knows.</summary>
public sealed class RunTimeBatchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ConvolutionsByDefinition(bool givenWeights)
    {
        OnnxDataType type = givenWeights ? OnnxDataType.Float : OnnxDataType.Double;
        ModelBuilder model = new ModelBuilder().Input("x", type, ["n", 4, "h", 6]);
        model = givenWeights ? model.Input("w", type, 6, 2, 3, 2)
            : model.Initializer("w", [6, 2, 3, 2], Weights.Random(72, 1).Select(static v => (double)v).ToArray());
        RunTimeSizesCheck.Run(
            model.Node("Conv", ["x", "w"], ["y"], ("group", 2), ("pads", new long[] { 1, 0, 2, 1 }), ("strides", new long[] { 2, 1 })).Output("y"),
            "n=1..3;h=2..9",
            ["n=1;h=2", "n=3;h=5", "n=2;h=9"]);
    }

    [Fact]
    public void TransposedConvolutionsByDefinition() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, ["n", 4, "h", 3]).Initializer("w", [4, 3, 3, 2], Weights.Random(72, 1)).Initializer("b", [6], Weights.Random(6, 2))
            .Node("ConvTranspose", ["x", "w", "b"], ["y"], ("group", 2), ("strides", new long[] { 2, 3 }), ("pads", new long[] { 1, 0, 0, 1 }), ("output_padding", new long[] { 1, 0 })).Output("y"),
        "n=1..3;h=2..7",
        ["n=1;h=2", "n=3;h=5", "n=2;h=7"]);

    [Fact]
    public void MaximaWithPositions() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, ["n", "c", 6, 5])
            .Node("MaxPool", ["x"], ["y", "i"], ("kernel_shape", new long[] { 3, 2 }), ("strides", new long[] { 2, 1 }), ("pads", new long[] { 1, 0, 0, 1 })).Output("y").Output("i"),
        "n=1..3;c=1..4",
        ["n=1;c=4", "n=3;c=2", "n=2;c=1"]);

    [Fact]
    public void ResponsesOfPlanes() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, ["n", 5, "h", "w"]).Node("LRN", ["x"], ["y"], ("size", 3), ("alpha", 0.1f)).Output("y"),
        "n=1..2;h=1..5;w=1..19",
        ["n=1;h=5;w=1", "n=2;h=1;w=19", "n=2;h=4;w=17"]);

    [Fact]
    public void CountedGrams() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Int64, ["n", "items"])
            .Node(
                "TfIdfVectorizer",
                ["x"],
                ["y"],
                ("max_gram_length", 2),
                ("min_gram_length", 1),
                ("max_skip_count", 1),
                ("mode", "TF"),
                ("ngram_counts", new long[] { 0, 2 }),
                ("ngram_indexes", new long[] { 0, 1, 2, 3 }),
                ("pool_int64s", new long[] { 1, 2, 0, 1, 1, 1 })).Output("y"),
        "n=1..5;items=1..7",
        ["n=1;items=1", "n=4;items=7", "n=5;items=3"]);
}
