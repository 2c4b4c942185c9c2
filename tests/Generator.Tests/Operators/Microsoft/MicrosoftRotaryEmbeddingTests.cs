using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftRotaryEmbeddingTests
{
    [Fact]
    public void Turns_by_given_positions() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 16).Input("c", OnnxDataType.Float, 9, 4).Input("s", OnnxDataType.Float, 9, 4).Input("p", OnnxDataType.Int64, 2, 3)
            .Node("com.microsoft", "RotaryEmbedding", ["x", "p", "c", "s"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 16).Input("c", OnnxDataType.Float, 9, 4).Input("s", OnnxDataType.Float, 9, 4).Input("p", OnnxDataType.Int64, 2, 3)
            .Node("RotaryEmbedding", ["x", "c", "s", "p"], ["y"], ("num_heads", 2)).Output("y"), low: 0, high: 8);

    [Fact]
    public void Counts_from_an_offset() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 2, 3, 8).Input("c", OnnxDataType.Float, 9, 4).Input("s", OnnxDataType.Float, 9, 4).Initializer("p", [1], 4L)
            .Node("com.microsoft", "RotaryEmbedding", ["x", "p", "c", "s"], ["y"], ("interleaved", 1)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 2, 3, 8).Input("c", OnnxDataType.Float, 9, 4).Input("s", OnnxDataType.Float, 9, 4).Initializer("p", [1], 4L)
            .Initializer("p6", [2, 3], 4L, 5L, 6L, 4L, 5L, 6L).Node("RotaryEmbedding", ["x", "c", "s", "p6"], ["y"], ("interleaved", 1)).Output("y"));

    [Fact]
    public void Caches_must_fit() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 2, 3, 15).Input("c", OnnxDataType.Float, 9, 9).Input("s", OnnxDataType.Float, 9, 9).Input("p", OnnxDataType.Int64, 2, 3)
        .Node("com.microsoft", "RotaryEmbedding", ["x", "p", "c", "s"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
