using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class DequantizeLinearTests
{
    [Theory]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int8)]
    [InlineData((int)OnnxDataType.UInt16)]
    [InlineData((int)OnnxDataType.Int16)]
    [InlineData((int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.UInt4)]
    [InlineData((int)OnnxDataType.Int2)]
    [InlineData((int)OnnxDataType.Float8E5M2)]
    [InlineData((int)OnnxDataType.Float4E2M1)]
    public void OfEveryType(int type) => OperatorCheck.Run(
        new ModelBuilder(25).Input("x", (OnnxDataType)type, 3, 37).Initializer("s", [], [0.37f]).Node("DequantizeLinear", ["x", "s"], ["y"]).Output("y"), low: 0, high: 100);

    [Fact]
    public void KnownValues()
    {
        Tensor result = OperatorCheck.Interpret(new ModelBuilder().RawInitializer("x", OnnxDataType.UInt8, [3], [0, 128, 255]).Quantization("a", 0.5f, 128)
            .Node("DequantizeLinear", ["x", "as", "az"], ["y"]).Output("y"));
        result.Floats().ToArray().ShouldBe([-64, 0, 63.5f]);
    }

    [Fact]
    public void AlongAnAxisWithZeroPoints() => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.UInt8, 2, 3, 5).Initializer("s", [3], [0.5f, 1, 2]).RawInitializer("z", OnnxDataType.UInt8, [3], [1, 2, 200])
            .Node("DequantizeLinear", ["x", "s", "z"], ["y"]).Output("y"), low: 0, high: 255);

    [Fact]
    public void InBlocks() => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Int8, 4, 6).Initializer("s", [4, 2], [0.5f, 1, 2, 3, 4, 5, 6, 7]).Node("DequantizeLinear", ["x", "s"], ["y"], ("axis", -1), ("block_size", 3)).Output("y"));

    /// <summary>The blocked axis is the run's, and its blocks another size that goes with it; or the axes beside it are.</summary>
    [Theory]
    [InlineData("DequantizeLinear", (int)OnnxDataType.Int8, (int)OnnxDataType.Float)]
    [InlineData("DequantizeLinear", (int)OnnxDataType.UInt4, (int)OnnxDataType.Float16)]
    [InlineData("QuantizeLinear", (int)OnnxDataType.Float, (int)OnnxDataType.Float)]
    public void InBlocksOfSizesOfTheRun(string op, int type, int scale)
    {
        RunTimeSizesCheck.Run(
            new ModelBuilder(23).Input("x", (OnnxDataType)type, ["n", "w", 2]).Input("s", (OnnxDataType)scale, ["n", "blocks", 2])
                .Node(op, ["x", "s"], ["y"], ("axis", 1), ("block_size", 3)).Output("y"),
            "n=1..4;w=1..9;blocks=1..3",
            ["n=1;w=1;blocks=1", "n=4;w=9;blocks=3", "n=3;w=5;blocks=2", "n=2;w=6;blocks=2"],
            low: 0.5f,
            high: 7);
        RunTimeSizesCheck.Run(
            new ModelBuilder(23).Input("x", (OnnxDataType)type, ["n", 6]).Input("s", (OnnxDataType)scale, ["n", 2]).Node(op, ["x", "s"], ["y"], ("axis", -1), ("block_size", 3)).Output("y"),
            "n=1..4",
            ["n=1", "n=4", "n=3"],
            low: 0.5f,
            high: 7);
    }

    /// <summary>Scales per index of an axis of the run, with zero points.</summary>
    [Fact]
    public void AlongAnAxisOfTheRun() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.UInt8, [2, "n", 5]).Input("s", OnnxDataType.Float, ["n"]).Input("z", OnnxDataType.UInt8, ["n"])
            .Node("DequantizeLinear", ["x", "s", "z"], ["y"]).Output("y"),
        "n=1..4",
        ["n=1", "n=4", "n=3"],
        low: 0,
        high: 9);

    /// <summary>Ten elements have four blocks of three; of three scales the last block has none.</summary>
    [Fact]
    public void TooFewBlocksEndTheRun()
    {
        CompiledModel model = CompiledModel.Compile(
            new ModelBuilder(23).Input("x", OnnxDataType.Int8, ["w"]).Input("s", OnnxDataType.Float, ["blocks"])
                .Node("DequantizeLinear", ["x", "s"], ["y"], ("axis", 0), ("block_size", 3)).Output("y").ToBytes(),
            "auto",
            new CompilerOptions { Dimensions = OptionParser.Dimensions("w=1..12;blocks=1..4") });
        Tensor codes = Tensor.FromBytes(ElementType.Int8, new Shape(10), new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, "codes");
        int[] Sizes(int blocks) => model.Graph.Sizes.Where(static s => !s.IsComputed).Select(s => s.Name == "w" ? 10 : blocks).ToArray();
        model.RunAt(Sizes(4), codes, DataSizesCheck.Floats(1, 2, 3, 4))[0].Floats().ToArray().ShouldBe([1, 2, 3, 8, 10, 12, 21, 24, 27, 40]);
        Should.Throw<ArgumentOutOfRangeException>(() => model.RunAt(Sizes(3), codes, DataSizesCheck.Floats(1, 2, 3)));
    }

    [Theory]
    [InlineData((int)OnnxDataType.Float16)]
    [InlineData((int)OnnxDataType.BFloat16)]
    public void To16Bits(int type) => OperatorCheck.Run(
        new ModelBuilder(23).Input("x", OnnxDataType.UInt8, 3, 37).Initializer("s", [], [0.37f]).Node("DequantizeLinear", ["x", "s"], ["y"], ("output_dtype", type)).Output("y"), low: 0, high: 255);

    [Fact]
    public void RefusesAZeroPointOfAnotherType() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Int8, 3).Quantization("a", 1, 1).Node("DequantizeLinear", ["x", "as", "az"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
