using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class GatherBlockQuantizedTests
{
    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 4, true, 0, 1)]
    [InlineData((int)OnnxDataType.UInt8, 4, false, 0, 1)]
    [InlineData((int)OnnxDataType.UInt8, 8, true, 0, 1)]
    [InlineData((int)OnnxDataType.Int4, 4, true, 0, 1)]
    [InlineData((int)OnnxDataType.UInt4, 4, false, 0, 1)]
    [InlineData((int)OnnxDataType.Int4, 4, false, 1, 0)]
    public void RowsOfBlocks(int type, int bits, bool zeroPoints, int gatherAxis, int quantizeAxis)
    {
        const int Rows = 32, K = 32, Block = 16;
        bool bytes = (OnnxDataType)type == OnnxDataType.UInt8;
        int stored = bytes && bits == 4 ? K / 2 : K;
        long[] blocks = quantizeAxis == 1 ? [Rows, K / Block] : [Rows / Block, K];
        int count = (int)(blocks[0] * blocks[1]);
        byte[] Codes(int length) => Enumerable.Range(0, length).Select(static i => (byte)((i * 73) + 19)).ToArray();
        int PackedBytes(int codes) => bits == 4 ? codes / 2 : codes;
        ModelBuilder model = new ModelBuilder(21).Import("com.microsoft", 1).Initializer("i", [2, 3], [0, 31, 7, 7, 30, 1])
            .RawInitializer("w", (OnnxDataType)type, [Rows, stored], Codes(PackedBytes(Rows * K)))
            .Initializer("s", blocks, Enumerable.Range(1, count).Select(static i => 0.003f * i).ToArray());
        if (zeroPoints)
        {
            model = model.RawInitializer("z", (OnnxDataType)type, bytes && bits == 4 ? [Rows, K / Block / 2] : blocks, Codes(PackedBytes(count)));
        }

        model = model.Node("com.microsoft", "GatherBlockQuantized", zeroPoints ? ["w", "i", "s", "z"] : ["w", "i", "s"], ["r"], ("gather_axis", gatherAxis), ("quantize_axis", quantizeAxis), ("block_size", Block), ("bits", bits))
            .Input("x", OnnxDataType.Float, 1).Node("Mul", ["r", "x"], ["y"]).Output("y");
        Tensor one = Tensor.Create(ElementType.Float32, new Shape(1), new[] { 1f });
        float[] result = CompiledModel.Compile(model.ToBytes()).Run([one])[0].Floats().ToArray();
        result.ShouldBe(Expected((OnnxDataType)type, bits, zeroPoints, gatherAxis, quantizeAxis, Codes(PackedBytes(Rows * K)), Codes(PackedBytes(count)), Rows, K, Block));
    }

    [Fact]
    public void RefusesScalesThatDoNotFit() => OperatorCheck.Fails(new ModelBuilder(21).Import("com.microsoft", 1).Input("i", OnnxDataType.Int64, 2)
        .RawInitializer("w", OnnxDataType.UInt8, [4, 8], new byte[32]).Initializer("s", [3], [1, 1, 1f])
        .Node("com.microsoft", "GatherBlockQuantized", ["w", "i", "s"], ["y"], ("block_size", 16)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static float[] Expected(OnnxDataType type, int bits, bool zeroPoints, int gatherAxis, int quantizeAxis, byte[] codes, byte[] zeros, int rows, int k, int block)
    {
        int Code(byte[] data, int i)
        {
            int code = bits == 8 ? data[i] : (data[i / 2] >> (i % 2 * 4)) & 15;
            return type == OnnxDataType.Int4 && code > 7 ? code - 16 : code;
        }

        int[] indices = [0, 31, 7, 7, 30, 1];
        float Element(int row, int column)
        {
            int at = quantizeAxis == 1 ? (row * (k / block)) + (column / block) : (row / block * k) + column;
            int zero = zeroPoints ? Code(zeros, at) : type == OnnxDataType.UInt8 ? 1 << (bits - 1) : 0;
            return (Code(codes, (row * k) + column) - zero) * (0.003f * (at + 1));
        }

        return gatherAxis == 0
            ? indices.SelectMany(r => Enumerable.Range(0, k).Select(c => Element(r, c))).ToArray()
            : Enumerable.Range(0, rows).SelectMany(r => indices.Select(c => Element(r, c))).ToArray();
    }
}
