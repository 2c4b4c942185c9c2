using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class FusedMatMulTests
{
    [Fact]
    public void Transposes_batches_and_matrices() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 3, 2, 4).Input("b", OnnxDataType.Float, 2, 5, 4)
            .Node("com.microsoft", "FusedMatMul", ["a", "b"], ["y"], ("transBatchA", 1), ("transB", 1), ("alpha", 0.5f)).Output("y"),
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 3, 2, 4).Input("b", OnnxDataType.Float, 2, 5, 4)
            .Initializer("half", [], 0.5f).Node("Transpose", ["a"], ["ta"], ("perm", new long[] { 1, 0, 2 })).Node("Transpose", ["b"], ["tb"], ("perm", new long[] { 0, 2, 1 })).Node("MatMul", ["ta", "tb"], ["p"]).Node("Mul", ["p", "half"], ["y"]).Output("y"));

    [Fact]
    public void Leaves_vectors_alone() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 4).Input("b", OnnxDataType.Float, 4, 5)
            .Node("com.microsoft", "FusedMatMul", ["a", "b"], ["y"], ("transA", 1)).Output("y"),
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 4).Input("b", OnnxDataType.Float, 4, 5)
            .Node("MatMul", ["a", "b"], ["y"]).Output("y"));
}
