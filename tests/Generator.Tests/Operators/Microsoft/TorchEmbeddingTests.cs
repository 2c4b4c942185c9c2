using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class TorchEmbeddingTests
{
    [Fact]
    public void Gathers() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("t", OnnxDataType.Float, 7, 5).Input("i", OnnxDataType.Int64, 2, 3)
            .Node("com.microsoft", "TorchEmbedding", ["t", "i"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("t", OnnxDataType.Float, 7, 5).Input("i", OnnxDataType.Int64, 2, 3)
            .Node("Gather", ["t", "i"], ["y"]).Output("y"), low: 0, high: 6);
}
