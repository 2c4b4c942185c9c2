using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QLinearMatMulTests
{
    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 120)]
    [InlineData((int)OnnxDataType.Int8, 4)]
    public void ConstantAndComputedOperands(int type, int zeroPoint) => OperatorCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.UInt8, 2, 3, 19).Input("d", (OnnxDataType)type, 19, 5).RandomCodes("b", (OnnxDataType)type, 19, 21)
            .Quantization("a", 0.02f, 7).Quantization("b", 0.01f, zeroPoint, (OnnxDataType)type).Quantization("y", 0.1f, 100)
            .Node("QLinearMatMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"]).Output("y")
            .Node("QLinearMatMul", ["a", "as", "az", "d", "bs", "bz", "ys", "yz"], ["e"]).Output("e"), low: 0, high: 100, absolute: 1);

    [Fact]
    public void AScaleForEachColumn() => OperatorCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.UInt8, 3, 4).RandomCodes("b", OnnxDataType.Int8, 4, 2).Quantization("a", 0.02f, 7)
            .Initializer("bs", [2], [0.01f, 0.1f]).RawInitializer("bz", OnnxDataType.Int8, [2], [1, 255]).Quantization("y", 0.1f, 100)
            .Node("QLinearMatMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"]).Output("y"), low: 0, high: 255, absolute: 1);

    /// <summary>Sums of whole numbers beyond what f16 holds, times a · b / y, which is rounded twice to the scales' type.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.Float16, 1)]
    [InlineData((int)OnnxDataType.BFloat16, 1)]
    [InlineData((int)OnnxDataType.Float16, 5)]
    [InlineData((int)OnnxDataType.BFloat16, 5)]
    public void ScalesMayBeNarrow(int scale, int columns)
    {
        var type = (ElementType)scale;
        double Round(double value) => ElementEvaluation.Read(Narrow(type, value), 0);
        double[] bs = Enumerable.Range(0, columns).Select(i => Round(0.013 * (i + 1))).ToArray();
        (double a, double y) = (Round(0.7), Round(91.3));
        byte[] codes = Enumerable.Range(0, 300 * 5).Select(static i => (byte)(i * 37 % 251)).ToArray();
        CompiledModel model = CompiledModel.Compile(new ModelBuilder(21).Input("a", OnnxDataType.UInt8, 1, 300).RawInitializer("b", OnnxDataType.UInt8, [300, 5], codes)
            .RawInitializer("as", (OnnxDataType)scale, [], Narrow(type, a).Bytes.ToArray())
            .RawInitializer("bs", (OnnxDataType)scale, columns == 1 ? [] : [columns], bs.SelectMany(b => Narrow(type, b).Bytes.ToArray()).ToArray())
            .RawInitializer("ys", (OnnxDataType)scale, [], Narrow(type, y).Bytes.ToArray())
            .RawInitializer("az", OnnxDataType.UInt8, [], [3]).RawInitializer("bz", OnnxDataType.UInt8, [], [5]).RawInitializer("yz", OnnxDataType.UInt8, [], [7])
            .Node("QLinearMatMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"]).Output("y").ToBytes());
        byte[] left = Enumerable.Range(0, 300).Select(static i => (byte)(i * 11 % 256)).ToArray();
        byte[] actual = model.Run(Tensor.FromBytes(ElementType.UInt8, new Shape(1, 300), left, "a"))[0].Bytes.ToArray();
        for (int n = 0; n < 5; n++)
        {
            double sum = Enumerable.Range(0, 300).Sum(k => (left[k] - 3.0) * (codes[(k * 5) + n] - 5.0));
            double factor = Round(Round(a * bs[n % columns]) / y);
            ((int)actual[n]).ShouldBe((int)Math.Clamp(Math.Round(sum * factor) + 7, 0, 255), $"column {n}");
        }
    }

    private static Tensor Narrow(ElementType type, double value)
    {
        var bytes = new byte[type.Size()];
        ElementEvaluation.Write(bytes, type, 0, value);
        return Tensor.FromBytes(type, Shape.Scalar, bytes, "number");
    }

    [Fact]
    public void RefusesInnerDimensionsThatDiffer() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.UInt8, 3, 4).Input("b", OnnxDataType.UInt8, 5, 2).Quantization("a", 1, 0)
        .Node("QLinearMatMul", ["a", "as", "az", "b", "as", "az", "as", "az"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Theory]
    [InlineData((int)OnnxDataType.Float8E4M3FN)]
    [InlineData((int)OnnxDataType.Float8E5M2)]
    public void CodesMayBeNarrowFloats(int type)
    {
        ModelBuilder model = new ModelBuilder(opset: 21).Input("a", OnnxDataType.Float, 3, 4).Input("b", OnnxDataType.Float, 4, 5).Input("zero", OnnxDataType.Float, 1)
            .Initializer("s", [1], 0.5f);
        foreach (string name in new[] { "a", "b", "zero" })
        {
            model.Node("Cast", [name], [$"{name}8"], ("to", type));
        }

        OperatorCheck.Run(model.Node("QLinearMatMul", ["a8", "s", "zero8", "b8", "s", "zero8", "s", "zero8"], ["y8"])
            .Node("Cast", ["y8"], ["y"], ("to", (int)OnnxDataType.Float)).Output("y"));
    }
}
