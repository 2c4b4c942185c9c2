using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Products with weights of a few bits that stay packed in memory.</summary>
public sealed class PackedMatMulTests
{
    /// <summary>Zero points: 0 for none, 1 for codes, 2 for numbers with fractions.</summary>
    [Theory]
    [InlineData(1, 64, 48, 4, 32, 0)]
    [InlineData(1, 104, 33, 4, 32, 1)]
    [InlineData(13, 96, 80, 4, 16, 2)]
    [InlineData(3, 64, 21, 8, 16, 1)]
    [InlineData(7, 96, 16, 2, 32, 1)]
    [InlineData(2, 48, 100, 2, 16, 0)]
    [InlineData(5, 24, 19, 4, 128, 0)]
    public void BlocksOfBits(int rows, int k, int n, int bits, int block, int zeroPoints)
    {
        ModelBuilder model = Blocks(rows, k, n, bits, block, zeroPoints).Output("y");
        OperatorCheck.Run(model);
        KernelOf(model).ShouldContain($"packed {bits}-bit");
    }

    /// <summary>Each weight is the number that it would be in memory: with one term the result has the very bits.</summary>
    [Fact]
    public void WeightsAreExact()
    {
        ModelBuilder model = Blocks(1, 32, 40, 4, 16, 1).Output("y");
        for (int k = 0; k < 32; k += 7)
        {
            var x = new float[32];
            x[k] = 1;
            Tensor[] inputs = [Tensor.Create(ElementType.Float32, new Shape(1, 32), x)];
            OperatorCheck.RunOn(model.ToBytes(), inputs, relative: 0, absolute: 0);
        }
    }

    /// <summary>A byte of weights is two codes; one scale and one zero point stand for 32 of them.</summary>
    [Theory]
    [InlineData(4, 0, (256 * 512 / 2) + (256 * 16 * 4))]
    [InlineData(4, 1, (256 * 512 / 2) + (256 * 16 * 5))]
    [InlineData(2, 0, (256 * 512 / 4) + (256 * 16 * 4))]
    public void WeightsStayPacked(int bits, int zeroPoints, int bytes) =>
        CompiledModel.Compile(Blocks(1, 512, 256, bits, 32, zeroPoints).Output("y").ToBytes()).Result.Plan!.WeightBytes.ShouldBeInRange(bytes, bytes + 256);

    /// <summary>Terms whose blocks are given one by one: full blocks need only another order of x, others are unpacked.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TermsOfAnyBlock(bool full)
    {
        const int K = 64, N = 20, Block = 16;
        int[] groups = Enumerable.Range(0, K).Select(k => full ? k % 4 : k % 3).ToArray();
        ModelBuilder model = new ModelBuilder().Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 3, K).RandomCodes("b", OnnxDataType.UInt8, N, K / Block, Block / 2)
            .Initializer("s", [N * K / Block], Scales(N * K / Block)).Initializer("g", [K], groups)
            .Node("com.microsoft", "MatMulNBits", ["x", "b", "s", "", "g"], ["y"], ("K", K), ("N", N), ("bits", 4), ("block_size", Block)).Output("y");
        OperatorCheck.Run(model);
        KernelOf(model).Contains("packed", StringComparison.Ordinal).ShouldBe(full);
    }

    [Fact]
    public void BiasAndActivationAreFused()
    {
        ModelBuilder model = Blocks(4, 64, 48, 4, 32, 0).Initializer("bias", [48], Scales(48)).Node("Add", ["y", "bias"], ["sum"]).Node("Relu", ["sum"], ["r"]).Output("r");
        OperatorCheck.Run(model);
        ScheduleCheck.Steps(model).ShouldHaveSingleItem();
    }

    /// <summary>Codes of less than a byte before a DequantizeLinear: one scale, one for each column, or one for each block of terms.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.Int4, 0, "MatMul")]
    [InlineData((int)OnnxDataType.UInt4, 1, "MatMul")]
    [InlineData((int)OnnxDataType.Int4, 32, "MatMul")]
    [InlineData((int)OnnxDataType.UInt4, 16, "Gemm")]
    [InlineData((int)OnnxDataType.Int2, 1, "Gemm")]
    [InlineData((int)OnnxDataType.UInt2, 32, "Transpose")]
    public void DequantisedCodes(int type, int block, string op)
    {
        const int K = 96, N = 40;
        bool transposed = op != "MatMul";
        long[] shape = transposed ? [N, K] : [K, N];
        int perByte = (OnnxDataType)type is OnnxDataType.Int2 or OnnxDataType.UInt2 ? 4 : 2;
        long[] scales = block == 0 ? [] : block == 1 ? [N] : transposed ? [N, K / block] : [K / block, N];
        int count = (int)scales.Aggregate(1L, static (p, d) => p * d);
        byte[] Bytes(int length) => Enumerable.Range(0, length).Select(static i => (byte)((i * 73) + 19)).ToArray();
        (string, object)[] attributes = block > 1 ? [("axis", transposed ? 1 : 0), ("block_size", block)] : [("axis", transposed ? 0 : 1)];
        ModelBuilder model = new ModelBuilder(25).Input("x", OnnxDataType.Float, 5, K)
            .RawInitializer("w", (OnnxDataType)type, shape, Bytes(K * N / perByte)).Initializer("s", scales, Scales(count)).RawInitializer("z", (OnnxDataType)type, scales, Bytes((count + perByte - 1) / perByte))
            .Node("DequantizeLinear", ["w", "s", "z"], ["d"], attributes);
        model = op switch
        {
            "Gemm" => model.Initializer("c", [N], Scales(N)).Node("Gemm", ["x", "d", "c"], ["y"], ("transB", 1)),
            "Transpose" => model.Node("Transpose", ["d"], ["t"], ("perm", new long[] { 1, 0 })).Node("MatMul", ["x", "t"], ["y"]),
            _ => model.Node("MatMul", ["x", "d"], ["y"]),
        };
        OperatorCheck.Run(model.Output("y"));
        KernelOf(model).ShouldContain("packed");
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.WeightBytes.ShouldBeLessThan((K * 48 / perByte) + (8 * 48 * Math.Max(1, K / Math.Max(block, 16))) + 512);
    }

    /// <summary>Rows of a table of codes become numbers when they are picked; the table stays packed.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.Int4, 2)]
    [InlineData((int)OnnxDataType.UInt2, 4)]
    public void RowsOfDequantisedCodes(int type, int perByte)
    {
        const int Rows = 300, K = 64;
        ModelBuilder model = new ModelBuilder(25).Input("i", OnnxDataType.Int64, 2, 3)
            .RawInitializer("w", (OnnxDataType)type, [Rows, K], Enumerable.Range(0, Rows * K / perByte).Select(static i => (byte)((i * 73) + 19)).ToArray())
            .Initializer("s", [Rows, K / 32], Scales(Rows * K / 32))
            .Node("DequantizeLinear", ["w", "s"], ["d"], ("axis", 1), ("block_size", 32)).Node("Gather", ["d", "i"], ["y"]).Output("y");
        OperatorCheck.Run(model, low: 0, high: Rows, relative: 0, absolute: 0);
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.WeightBytes.ShouldBeLessThan((Rows * K / perByte) + (Rows * K / 32 * 4) + 512);
    }

    private static ModelBuilder Blocks(int rows, int k, int n, int bits, int block, int zeroPoints)
    {
        int blocks = (k + block - 1) / block;
        ModelBuilder model = new ModelBuilder().Import("com.microsoft", 1).Input("x", OnnxDataType.Float, rows, k)
            .RandomCodes("b", OnnxDataType.UInt8, n, blocks, block * bits / 8).Initializer("s", [n * blocks], Scales(n * blocks));
        model = zeroPoints == 2
            ? model.Initializer("zp", [n * blocks], Enumerable.Range(0, n * blocks).Select(static i => 0.25f * (i % 50)).ToArray())
            : model.RandomCodes("zp", OnnxDataType.UInt8, n * (((blocks * bits) + 7) / 8));
        return model.Node("com.microsoft", "MatMulNBits", zeroPoints == 0 ? ["x", "b", "s"] : ["x", "b", "s", "zp"], ["y"], ("K", k), ("N", n), ("bits", bits), ("block_size", block));
    }

    private static float[] Scales(int count) => Enumerable.Range(1, count).Select(static i => 0.003f * ((i % 37) + 1)).ToArray();

    private static string KernelOf(ModelBuilder model) => ScheduleCheck.Steps(model).OfType<ContractionStep>().Single().Kernel;
}
