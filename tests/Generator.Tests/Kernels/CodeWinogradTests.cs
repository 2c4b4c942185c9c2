using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>3×3 convolutions of codes by Winograd's minimal filtering: the very sums of the direct convolution, on every width.</summary>
public sealed class CodeWinogradTests
{
    [Theory]
    [InlineData(1, 16, 32, 32, 16, 1, 1, 1, 1, 0)]
    [InlineData(1, 32, 13, 11, 32, 1, 1, 1, 1, 0)]
    [InlineData(2, 41, 18, 17, 56, 1, 1, 1, 1, 0)]
    [InlineData(1, 24, 15, 30, 20, 0, 1, 0, 0, 7)]
    [InlineData(1, 33, 19, 9, 33, 2, 0, 1, 3, 0)]
    [InlineData(1, 64, 7, 7, 64, 1, 1, 1, 1, 0)]
    [InlineData(1, 48, 5, 40, 160, 1, 1, 1, 1, -90)]
    [InlineData(3, 130, 10, 10, 144, 1, 1, 1, 1, 0)]
    public void SumsAreExact(int n, int c, int h, int w, int m, int top, int left, int bottom, int right, int zero)
    {
        ModelBuilder model = Convolution(n, c, h, w, m, [top, left, bottom, right], zero, 127);
        Steps(model).ShouldNotBeEmpty();
        OperatorCheck.Run(model, low: -3, high: 3, relative: 0, absolute: 0);
    }

    [Theory]
    [InlineData(64, 28, 26, 2, 2)]
    [InlineData(40, 33, 31, 4, 3)]
    public void SumsOfDilatedWindowsAreExact(int channels, int h, int w, int rows, int columns)
    {
        ModelBuilder model = Convolution(2, channels, h, w, 56, [rows, columns, rows, columns], 0, 127, dilations: [rows, columns]);
        Steps(model).ShouldNotBeEmpty();
        OperatorCheck.Run(model, low: -3, high: 3, relative: 0, absolute: 0);
    }

    /// <summary>Large sums leave no bits for the factor of the large tile, and larger ones none for the small one.</summary>
    [Theory]
    [InlineData(230, "F(2×2")]
    [InlineData(200, "F(4×4")]
    public void TheTileFitsTheSums(int channels, string tile)
    {
        ModelBuilder model = Convolution(1, channels, 8, 8, 32, [1, 1, 1, 1], 0, 127, extreme: true);
        Steps(model)[^1].Kernel.ShouldContain(tile);
        OperatorCheck.Run(model, low: -3, high: 3, relative: 0, absolute: 0);
    }

    [Fact]
    public void WeightsStayBytes()
    {
        ModelBuilder model = Convolution(1, 64, 14, 14, 64, [1, 1, 1, 1], 0, 127);
        Steps(model).ShouldNotBeEmpty();
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.WeightBytes.ShouldBeLessThan((64 * 64 * 9) + 1024);
    }

    /// <summary>Codes between convolutions stay bytes, with a residual and rounding in the registers of the sums.</summary>
    [Fact]
    public void RequantisationAndResidualAreFused()
    {
        ModelBuilder model = Codes(1, 32, 13, 14, 3).Quantization("y", 4f, 10)
            .RawInitializer("w", OnnxDataType.Int8, [32, 32, 3, 3], Bytes(32 * 32 * 9, 60)).Quantization("w", 1, 0, OnnxDataType.Int8)
            .Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"])
            .Node("Conv", ["d", "dw"], ["c"], ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", ["c"], ["a"])
            .Node("QuantizeLinear", ["a", "ys", "yz"], ["qa"]).Node("DequantizeLinear", ["qa", "ys", "yz"], ["da"])
            .Node("Conv", ["da", "dw"], ["c2"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Add", ["c2", "da"], ["sum"]).Node("QuantizeLinear", ["sum", "ys", "yz"], ["q2"]).Node("DequantizeLinear", ["q2", "ys", "yz"], ["y"]).Output("y");
        Steps(model).Select(static s => s.Node).Distinct().Count().ShouldBe(2);
        ScheduleCheck.Steps(model).Count(static s => s is ElementwiseStep).ShouldBeLessThan(3);
        OperatorCheck.Run(model, low: -3, high: 3, relative: 0, absolute: 4);
    }

    /// <summary>The whole arena but the live buffers is garbage between the steps: nothing may read or write beyond its own memory.</summary>
    [Fact]
    public void StaysInItsMemory()
    {
        byte[] model = Convolution(1, 40, 13, 11, 40, [1, 1, 1, 1], 0, 127).ToBytes();
        Tensor[] inputs = ErrorCheck.Inputs(OperatorCheck.Import(model)).ToArray();
        float[] plain = CompiledModel.Compile(model).Run(inputs)[0].Floats().ToArray();
        CompiledModel.Compile(model, "auto", new CompilerOptions { CheckedArena = true }).Run(inputs)[0].Floats().ToArray().ShouldBe(plain);
    }

    [Fact]
    public void CanBeSwitchedOff()
    {
        byte[] model = Convolution(1, 32, 28, 28, 32, [1, 1, 1, 1], 0, 127).ToBytes();
        CompiledModel direct = CompiledModel.Compile(model, "auto", new CompilerOptions { Winograd = false });
        direct.Result.Plan!.Schedule.Steps.OfType<WinogradStep>().ShouldBeEmpty();
        Tensor[] inputs = ErrorCheck.Inputs(OperatorCheck.Import(model)).ToArray();
        direct.Run(inputs)[0].Floats().ToArray().ShouldBe(CompiledModel.Compile(model).Run(inputs)[0].Floats().ToArray());
    }

    private static ModelBuilder Codes(int n, int c, int h, int w, int zero) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, n, c, h, w).Quantization("x", 0.025f, 120 + zero)
        .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]).Quantization("one", 1, 120 + zero).Node("DequantizeLinear", ["q", "ones", "onez"], ["d"]);

    /// <summary>Sums with a scale of 1, so that the outputs are whole numbers.</summary>
    private static ModelBuilder Convolution(int n, int c, int h, int w, int m, long[] pads, int zero, int largest, bool extreme = false, long[]? dilations = null) => Codes(n, c, h, w, zero)
        .RawInitializer("w", OnnxDataType.Int8, [m, c, 3, 3], extreme ? Enumerable.Repeat((byte)127, m * c * 9).ToArray() : Bytes(m * c * 9, largest))
        .Quantization("w", 1, 0, OnnxDataType.Int8)
        .Initializer("b", [m], Enumerable.Range(0, m).Select(static i => (i * 37) - 500).ToArray())
        .Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"]).Node("DequantizeLinear", ["b", "ones"], ["db"])
        .Node("Conv", ["d", "dw", "db"], ["y"], ("pads", pads), ("dilations", dilations ?? [1, 1])).Output("y");

    private static byte[] Bytes(int count, int largest)
    {
        var random = new Random(count);
        return Enumerable.Range(0, count).Select(_ => unchecked((byte)(sbyte)random.Next(-largest, largest + 1))).ToArray();
    }

    private static Step[] Steps(ModelBuilder model) => ScheduleCheck.Steps(model).Where(static s => s is WinogradStep).ToArray();
}
