using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Element-wise functions between codes of 8 bits are tables.</summary>
public sealed class ByteFunctionTests
{
    /// <summary>Every code has the value that the formula gives in double precision.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 128, 0)]
    [InlineData((int)OnnxDataType.Int8, -7, -128)]
    public void EveryCodeOfASigmoid(int type, int zero, int resultZero)
    {
        byte[] model = new ModelBuilder().Input("x", (OnnxDataType)type, 3, 199)
            .Quantization("x", 0.037f, zero, (OnnxDataType)type).Quantization("y", 1 / 256f, resultZero, (OnnxDataType)type)
            .Node("DequantizeLinear", ["x", "xs", "xz"], ["d"]).Node("Sigmoid", ["d"], ["s"]).Node("QuantizeLinear", ["s", "ys", "yz"], ["y"]).Output("y").ToBytes();
        Graph graph = OperatorCheck.Import(model);
        byte[] codes = Enumerable.Range(0, 3 * 199).Select(static i => (byte)i).ToArray();
        bool signed = type == (int)OnnxDataType.Int8;
        byte[] expected = codes.Select(c =>
        {
            double x = ((signed ? unchecked((sbyte)c) : c) - zero) * (double)0.037f;
            double code = Math.Round(256 / (1 + Math.Exp(-x)), MidpointRounding.ToEven) + resultZero;
            return unchecked((byte)(int)Math.Clamp(code, signed ? -128 : 0, signed ? 127 : 255));
        }).ToArray();
        Tensor Bytes(byte[] bytes) => Tensor.FromBytes(graph.Inputs[0].Type, graph.Inputs[0].Shape, bytes, "codes");
        OperatorCheck.RunOn(model, graph, [Bytes(codes)], [Bytes(expected)], 0, 0);
        KernelsOf(model).ShouldHaveSingleItem().ShouldContain("by a table of bytes");
    }

    /// <summary>Factors that are constants are part of the table, saturation too; elements may lie apart.</summary>
    [Fact]
    public void ConstantFactorsOfStridedCodes()
    {
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.UInt8, 40, 62).Quantization("x", 0.5f, 100).Quantization("y", 0.25f, 3).Initializer("f", [1], 1.75f)
            .Initializer("start", [1], [0L]).Initializer("end", [1], [62L]).Initializer("axis", [1], [1L]).Initializer("step", [1], [2L]).Node("Slice", ["x", "start", "end", "axis", "step"], ["t"]).Node("DequantizeLinear", ["t", "xs", "xz"], ["d"]).Node("Mul", ["d", "f"], ["m"]).Node("LeakyRelu", ["m"], ["l"]).Node("QuantizeLinear", ["l", "ys", "yz"], ["y"]).Output("y").ToBytes();
        Graph graph = OperatorCheck.Import(model);
        byte[] codes = Enumerable.Range(0, 40 * 62).Select(static i => (byte)i).ToArray();
        byte[] expected = Enumerable.Range(0, 40 * 31).Select(i =>
        {
            double x = (codes[i * 2] - 100) * 0.5 * 1.75;
            return (byte)Math.Clamp(Math.Round((x < 0 ? x * 0.01f : x) / 0.25, MidpointRounding.ToEven) + 3, 0, 255);
        }).ToArray();
        OperatorCheck.RunOn(model, graph, [Tensor.FromBytes(ElementType.UInt8, new Shape(40, 62), codes, "x")], [Tensor.FromBytes(ElementType.UInt8, new Shape(40, 31), expected, "y")], 0, 0);
        string.Join("; ", KernelsOf(model)).ShouldContain("by a table of bytes");
    }

    /// <summary>Between products, where codes are bytes in blocks of channels.</summary>
    [Fact]
    public void BetweenConvolutions()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 20, 7, 6)
            .Quantization("x", 0.02f, 117).Quantization("y", 0.05f, 3, OnnxDataType.Int8).Quantization("h", 0.04f, -20, OnnxDataType.Int8)
            .RandomCodes("w", OnnxDataType.Int8, 20, 20, 1, 1).Quantization("w", 0.002f, 0, OnnxDataType.Int8)
            .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"])
            .Node("QLinearConv", ["q", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["c"])
            .Node("DequantizeLinear", ["c", "ys", "yz"], ["d"]).Node("HardSwish", ["d"], ["s"]).Node("QuantizeLinear", ["s", "hs", "hz"], ["h"])
            .Node("QLinearConv", ["c", "ys", "yz", "w", "ws", "wz", "ys", "yz"], ["e"])
            .Node("QLinearConv", ["h", "hs", "hz", "w", "ws", "wz", "ys", "yz"], ["f"])
            .Node("DequantizeLinear", ["e", "ys", "yz"], ["de"]).Node("DequantizeLinear", ["f", "ys", "yz"], ["df"]).Node("Add", ["de", "df"], ["out"]).Output("out");
        OperatorCheck.Run(model, absolute: 0.11);
        KernelsOf(model.ToBytes()).ShouldContain(static k => k.Contains("by a table of bytes"));
    }

    /// <summary>A handful of codes is computed, and so is what one instruction does.</summary>
    [Fact]
    public void FewCodesAndSingleInstructionsHaveNoTable()
    {
        foreach (ModelBuilder model in new[]
        {
            new ModelBuilder().Input("x", OnnxDataType.UInt8, 30).Quantization("x", 0.5f, 1).Quantization("y", 0.2f, 3).Node("DequantizeLinear", ["x", "xs", "xz"], ["d"]).Node("Relu", ["d"], ["r"]).Node("QuantizeLinear", ["r", "ys", "yz"], ["y"]).Output("y"),
            new ModelBuilder().Input("x", OnnxDataType.UInt8, 3000).Node("BitwiseNot", ["x"], ["y"]).Output("y"),
        })
        {
            OperatorCheck.Run(model, low: 0, high: 255, relative: 0, absolute: 0);
            KernelsOf(model.ToBytes()).ShouldNotContain(static k => k.Contains("table"));
        }
    }

    private static string[] KernelsOf(byte[] model) => CompiledModel.Compile(model).Result.Plan!.Schedule.Steps.Select(static s => s.Kernel).ToArray();
}
