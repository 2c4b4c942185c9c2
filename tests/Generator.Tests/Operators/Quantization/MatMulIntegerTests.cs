using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MatMulIntegerTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(700)]
    public void SumsAreExact(int terms) => OperatorCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.UInt8, 3, terms).Input("b", OnnxDataType.Int8, terms, 5).Quantization("a", 1, 3).RawInitializer("bz", OnnxDataType.Int8, [5], [1, 2, 3, 255, 128])
            .Node("MatMulInteger", ["a", "b", "az", "bz"], ["y"]).Output("y"), low: 0, high: 127, relative: 0, absolute: 0);

    /// <summary>Constant weights run in the kernels of codes, whatever reads the integers, and every sum is the number that a plain loop finds.</summary>
    [Theory]
    [InlineData(1, 512, 64, (int)OnnxDataType.UInt8, 128, (int)OnnxDataType.Int8, 0)]
    [InlineData(7, 33, 20, (int)OnnxDataType.UInt8, 0, (int)OnnxDataType.Int8, -5)]
    [InlineData(5, 1030, 17, (int)OnnxDataType.Int8, -128, (int)OnnxDataType.Int8, 127)]
    [InlineData(13, 259, 5, (int)OnnxDataType.Int8, 127, (int)OnnxDataType.UInt8, 255)]
    [InlineData(2, 3, 1, (int)OnnxDataType.UInt8, 255, (int)OnnxDataType.UInt8, 7)]
    public void ProductsWithConstantsAreIntegers(int rows, int terms, int columns, int leftType, int leftZero, int rightType, int rightZero)
    {
        ModelBuilder model = Constants(rows, terms, columns, (OnnxDataType)leftType, (OnnxDataType)rightType)
            .Quantization("a", 1, leftZero, (OnnxDataType)leftType).Quantization("b", 1, rightZero, (OnnxDataType)rightType)
            .Node("MatMulInteger", ["a", "b", "az", "bz"], ["y"]).Output("y");
        byte[] bytes = model.ToBytes();
        Graph graph = OperatorCheck.Import(bytes);
        var random = new Random(rows);
        byte[] codes = Enumerable.Range(0, rows * terms).Select(_ => (byte)random.Next(256)).ToArray();
        Tensor left = Tensor.FromBytes(graph.Inputs[0].Type, graph.Inputs[0].Shape, codes, "a");
        OperatorCheck.RunOn(bytes, graph, [left], [Sums(codes, Weights(terms * columns), rows, terms, columns, (Code(leftType), leftZero), (Code(rightType), rightZero))], 0, 0);
        KernelOf(model).ShouldContain("of codes");
    }

    /// <summary>Integers with a zero point of run time, which are read as they are and as real numbers.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int8)]
    public void ZeroPointsMayBeInputs(int type)
    {
        ModelBuilder model = Constants(6, 300, 19, (OnnxDataType)type, OnnxDataType.Int8).Input("az", (OnnxDataType)type)
            .Node("MatMulInteger", ["a", "b", "az"], ["i"]).Node("Cast", ["i"], ["f"], ("to", 1)).Node("Add", ["i", "i"], ["y"]).Output("y").Output("f");
        OperatorCheck.Run(model, low: type == (int)OnnxDataType.UInt8 ? 0 : -128, high: type == (int)OnnxDataType.UInt8 ? 255 : 127, relative: 0, absolute: 0);
        KernelOf(model).ShouldContain("of codes");
    }

    /// <summary>What makes the codes is fused into a step that cannot store bytes: they become bytes before the product.</summary>
    [Fact]
    public void CodesThatOtherKernelsMakeBecomeBytes()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 3, 5, 4).Initializer("k", [3, 2, 2, 2], Enumerable.Range(0, 24).Select(static i => 0.1f * (i - 11)).ToArray())
            .Quantization("q", 0.02f, 100).RandomCodes("b", OnnxDataType.Int8, 8, 7)
            .Node("ConvTranspose", ["x", "k"], ["t"], ("strides", new long[] { 2, 2 })).Node("QuantizeLinear", ["t", "qs", "qz"], ["q"])
            .Node("MatMulInteger", ["q", "b", "qz"], ["y"]).Output("y");
        OperatorCheck.Run(model, relative: 0, absolute: 128);
        KernelOf(model).ShouldContain("of codes");
    }

    [Fact]
    public void RefusesZeroPointsThatFitNothing() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.UInt8, 3, 4).Input("b", OnnxDataType.UInt8, 4, 5).RawInitializer("z", OnnxDataType.UInt8, [2], [1, 2])
        .Node("MatMulInteger", ["a", "b", "z"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Constants(int rows, int terms, int columns, OnnxDataType left, OnnxDataType right) => new ModelBuilder()
        .Input("a", left, rows, terms).RawInitializer("b", right, [terms, columns], Weights(terms * columns));

    private static byte[] Weights(int count)
    {
        var random = new Random(count);
        return Enumerable.Range(0, count).Select(_ => (byte)random.Next(256)).ToArray();
    }

    private static Func<byte, int> Code(int type) => type == (int)OnnxDataType.UInt8 ? static b => b : static b => unchecked((sbyte)b);

    private static Tensor Sums(byte[] left, byte[] right, int rows, int terms, int columns, (Func<byte, int> Of, int Zero) a, (Func<byte, int> Of, int Zero) b)
    {
        var sums = new int[rows * columns];
        for (int i = 0; i < sums.Length; i++)
        {
            for (int k = 0; k < terms; k++)
            {
                sums[i] += (a.Of(left[(i / columns * terms) + k]) - a.Zero) * (b.Of(right[(k * columns) + (i % columns)]) - b.Zero);
            }
        }

        return Tensor.Create(ElementType.Int32, new Shape(rows, columns), sums, "sums");
    }

    private static string KernelOf(ModelBuilder model) =>
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.Schedule.Steps.Single(static s => s.Node?.Operator.Name == "IntegerMatMul").Kernel;
}
