using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class RotaryEmbeddingTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    public void Rotates(int interleaved, int dim)
    {
        int half = (dim == 0 ? 8 : dim) / 2;
        OperatorCheck.Run(new ModelBuilder(23)
            .Input("x", OnnxDataType.Float, 2, 3, 16).Input("c", OnnxDataType.Float, 10, half).Input("s", OnnxDataType.Float, 10, half).Initializer("p", [2, 3], 0L, 1, 2, 7, 8, 9)
            .Node("RotaryEmbedding", ["x", "c", "s", "p"], ["y"], ("num_heads", 2), ("interleaved", interleaved), ("rotary_embedding_dim", dim)).Output("y"));
    }

    [Fact]
    public void Of_heads_first() => OperatorCheck.Run(new ModelBuilder(23)
        .Input("x", OnnxDataType.Float, 2, 2, 3, 8).Input("c", OnnxDataType.Float, 2, 3, 4).Input("s", OnnxDataType.Float, 2, 3, 4).Node("RotaryEmbedding", ["x", "c", "s"], ["y"]).Output("y"));
}
