using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Products of codes in integers: real numbers before and behind, so that what lies between is stored as bytes.</summary>
public sealed class CodeProductTests
{
    [Theory]
    [InlineData(16, 16, 1, 1, 1, 127)]
    [InlineData(16, 16, 1, 1, 1, 60)]
    [InlineData(20, 40, 3, 1, 1, 127)]
    [InlineData(20, 24, 3, 2, 1, 30)]
    [InlineData(1, 19, 5, 2, 1, 127)]
    [InlineData(3, 7, 3, 2, 1, 50)]
    [InlineData(7, 5, 2, 1, 1, 127)]
    [InlineData(32, 32, 3, 1, 2, 127)]
    [InlineData(12, 18, 3, 1, 3, 127)]
    [InlineData(18, 18, 3, 1, 18, 127)]
    [InlineData(33, 33, 5, 2, 33, 127)]
    public void ConvolutionsOfBytes(int inputs, int outputs, int kernel, int stride, int groups, int largest)
    {
        long pad = kernel / 2;
        ModelBuilder model = Codes(inputs, 11, 9)
            .Initializer("b", [outputs], Enumerable.Range(0, outputs).Select(static i => (i * 37) - 100).ToArray())
            .RawInitializer("w", OnnxDataType.Int8, [outputs, inputs / groups, kernel, kernel], Weights(outputs * (inputs / groups) * kernel * kernel, largest))
            .Initializer("ws", [outputs], Enumerable.Range(1, outputs).Select(static i => 0.001f * (i % 5 + 1)).ToArray())
            .RawInitializer("wz", OnnxDataType.Int8, [outputs], new byte[outputs])
            .Node("QLinearConv", ["q", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], ["c"], ("group", groups), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }));
        OperatorCheck.Run(Real(model, "c"), absolute: Step);
        KernelOf(model, "Conv").ShouldContain(groups == inputs && groups > 1 ? "contraction," : "of codes");
    }

    /// <summary>Codes that are made in another order of dimensions and only viewed as pictures: the columns under a window are no neighbours.</summary>
    [Theory]
    [InlineData(4, 4)]
    [InlineData(3, 1)]
    [InlineData(1, 1)]
    public void ConvolutionsOfTransposedBytes(int kernel, int stride)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 96, 20).Quantization("x", 0.02f, 129)
            .RawInitializer("w", OnnxDataType.Int8, [24, 20, kernel, kernel], Weights(24 * 20 * kernel * kernel, 127)).Quantization("w", 0.003f, 0, OnnxDataType.Int8)
            .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]).Node("DequantizeLinear", ["q", "xs", "xz"], ["d"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"])
            .Node("Transpose", ["d"], ["t"], ("perm", new long[] { 0, 2, 1 })).Initializer("shape", [4], new long[] { 1, 20, 8, 12 }).Node("Reshape", ["t", "shape"], ["r"])
            .Node("Conv", ["r", "dw"], ["y"], ("strides", new long[] { stride, stride })).Output("y");
        OperatorCheck.Run(model, absolute: 1e-3);
    }

    /// <summary>Without vectors products stay in f32: the code holds none.</summary>
    [Fact]
    public void ProcessorsWithoutVectorsHaveNoCodes()
    {
        ModelBuilder model = Codes(16, 5, 5)
            .RawInitializer("w", OnnxDataType.Int8, [16, 16, 1, 1], Weights(256, 60))
            .Initializer("ws", [], 0.01f).RawInitializer("wz", OnnxDataType.Int8, [], new byte[1])
            .Node("QLinearConv", ["q", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["c"]);
        CompilerOptions options = new() { Isa = TargetIsa.TryParse("armv7")! };
        string code = string.Concat(ModelCompiler.Compile(ModelFile.FromBytes(Real(model, "c").ToBytes()), NoExternalData.Instance, options).Code!.Sources.Select(static f => f.Text));
        code.ShouldNotContain("Vector128");
    }

    /// <summary>The largest codes and weights, whose pairs need more than 16 bits.</summary>
    [Theory]
    [InlineData(127)]
    [InlineData(-128)]
    [InlineData(64)]
    [InlineData(-64)]
    public void SumsOfExtremesAreExact(int weight) => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, 5, 67).Quantization("x", 1, 0).Quantization("w", 1, 0, OnnxDataType.Int8)
            .RawInitializer("w", OnnxDataType.Int8, [67, 35], Enumerable.Repeat(unchecked((byte)weight), 67 * 35).ToArray())
            .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]).Node("DequantizeLinear", ["q", "xs", "xz"], ["d"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"])
            .Node("MatMul", ["d", "dw"], ["y"]).Output("y"),
        low: 200,
        high: 300,
        relative: 0,
        absolute: 0);

    [Theory]
    [InlineData(1, 64, 48)]
    [InlineData(1, 17, 5)]
    [InlineData(7, 30, 16)]
    [InlineData(13, 3, 33)]
    public void MatricesOfBytes(int rows, int terms, int columns)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, rows, terms).Quantization("x", 0.02f, 100).Quantization("y", 0.05f, -7, OnnxDataType.Int8)
            .RawInitializer("w", OnnxDataType.Int8, [columns, terms], Weights(terms * columns, 127)).Quantization("w", 0.003f, 0, OnnxDataType.Int8)
            .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]).Node("DequantizeLinear", ["q", "xs", "xz"], ["d"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"])
            .Node("Gemm", ["d", "dw"], ["g"], ("transB", 1)).Node("QuantizeLinear", ["g", "ys", "yz"], ["c"]);
        OperatorCheck.Run(Real(model, "c"), absolute: Step);
        KernelOf(model, "Gemm").ShouldContain("of codes");
    }

    /// <summary>Maxima, joins, other shapes and residuals between products work on the bytes.</summary>
    [Fact]
    public void WhatMovesBytesKeepsThem()
    {
        ModelBuilder model = Codes(16, 12, 12)
            .RawInitializer("w", OnnxDataType.Int8, [16, 16, 1, 1], Weights(256, 127)).Quantization("w", 0.004f, 0, OnnxDataType.Int8)
            .RawInitializer("v", OnnxDataType.Int8, [24, 32, 3, 3], Weights(24 * 32 * 9, 127)).Quantization("v", 0.002f, 0, OnnxDataType.Int8)
            .Node("QLinearConv", ["q", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["c1"]).Node("QLinearConv", ["q", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["c2"], ("strides", new long[] { 1, 1 }))
            .Node("Concat", ["c1", "c2"], ["j"], ("axis", 1)).Node("MaxPool", ["j"], ["m"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("QLinearConv", ["m", "ys", "yz", "v", "vs", "vz", "ys", "yz"], ["c"], ("pads", new long[] { 1, 1, 1, 1 }));
        OperatorCheck.Run(Real(model, "c"), absolute: Step);
        CompiledModel.Compile(model.ToBytes(), "auto", new CompilerOptions { Winograd = false }).Result.Plan!.Schedule.Storages.Where(static s => s.Kind == AotCompiler.Lowering.StorageKind.Arena).Sum(static s => s.Bytes)
            .ShouldBeLessThan(4 * 2 * 16 * 12 * 12 * 2);
    }

    /// <summary>One step of the results.</summary>
    private const double Step = 0.0501;

    private static ModelBuilder Codes(int channels, int height, int width) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, channels, height, width).Quantization("x", 0.02f, 117).Quantization("y", 0.05f, 3, OnnxDataType.Int8)
        .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]);

    private static ModelBuilder Real(ModelBuilder model, string codes) => model.Node("DequantizeLinear", [codes, "ys", "yz"], ["out"]).Output("out");

    private static byte[] Weights(int count, int largest)
    {
        var random = new Random(count);
        return Enumerable.Range(0, count).Select(_ => unchecked((byte)(sbyte)random.Next(-largest, largest + 1))).ToArray();
    }

    private static string KernelOf(ModelBuilder model, string op) =>
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.Schedule.Steps.First(s => s.Node?.Operator.Name == op).Kernel;
}
