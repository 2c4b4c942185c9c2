using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MatMulNBitsTests
{
    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    [InlineData(8, 1)]
    [InlineData(2, 0)]
    public void BlocksOfBits(int bits, int zeroPoints)
    {
        const int K = 40, N = 5, Block = 16, Blocks = 3;
        ModelBuilder model = new ModelBuilder().Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 2, K).RandomCodes("b", OnnxDataType.UInt8, N, Blocks, Block * bits / 8)
            .Initializer("s", [N * Blocks], Enumerable.Range(1, N * Blocks).Select(static i => 0.01f * i).ToArray());
        OperatorCheck.Run(model.RandomCodes("zp", OnnxDataType.UInt8, N * (((Blocks * bits) + 7) / 8))
            .Node("com.microsoft", "MatMulNBits", zeroPoints == 0 ? ["x", "b", "s"] : ["x", "b", "s", "zp"], ["y"], ("K", K), ("N", N), ("bits", bits), ("block_size", Block)).Output("y"));
    }

    [Fact]
    public void KnownValues()
    {
        Tensor result = OperatorCheck.Interpret(new ModelBuilder().Import("com.microsoft", 1).Initializer("x", [1, 16], Enumerable.Repeat(1f, 16).ToArray()).RawInitializer("b", OnnxDataType.UInt8, [1, 1, 8], [0x98, 0x88, 0x88, 0x88, 0x88, 0x88, 0x88, 0x8A])
            .Initializer("s", [1], [0.5f]).Node("com.microsoft", "MatMulNBits", ["x", "b", "s"], ["y"], ("K", 16), ("N", 1), ("block_size", 16)).Output("y"));
        result.Floats()[0].ShouldBe(1.5f);
    }

    [Fact]
    public void RefusesWeightsThatDoNotFit() => OperatorCheck.Fails(new ModelBuilder().Import("com.microsoft", 1)
        .Input("x", OnnxDataType.Float, 2, 16).RandomCodes("b", OnnxDataType.UInt8, 1, 1, 7).Initializer("s", [1], [0.5f])
        .Node("com.microsoft", "MatMulNBits", ["x", "b", "s"], ["y"], ("K", 16), ("N", 1), ("block_size", 16)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
