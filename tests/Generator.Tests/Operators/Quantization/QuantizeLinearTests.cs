using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QuantizeLinearTests
{
    [Theory]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int8)]
    [InlineData((int)OnnxDataType.UInt16)]
    [InlineData((int)OnnxDataType.Int16)]
    [InlineData((int)OnnxDataType.UInt4)]
    [InlineData((int)OnnxDataType.Int4)]
    [InlineData((int)OnnxDataType.UInt2)]
    [InlineData((int)OnnxDataType.Int2)]
    [InlineData((int)OnnxDataType.Float8E4M3FN)]
    [InlineData((int)OnnxDataType.Float8E5M2FNUZ)]
    [InlineData((int)OnnxDataType.Float4E2M1)]
    public void ToEveryType(int type) => ElementwiseCheck.Run(new ModelBuilder(25)
        .Input("x", OnnxDataType.Float, 3, 37).Initializer("s", [], [0.03f])
        .Node("QuantizeLinear", ["x", "s"], ["y"], ("output_dtype", type)).Output("y"));

    [Fact]
    public void TiesGoToEvenAndEndsSaturate()
    {
        ElementwiseCheck.Evaluate("QuantizeLinear", OnnxDataType.Float, [[1, 3, 5, -1, 1000, double.NaN], [2]]).ShouldBe([0, 2, 2, 0, 255, 0]);
        ElementwiseCheck.Evaluate("QuantizeLinear", OnnxDataType.Float, [[1000, -1000], [1]], attributes: ("output_dtype", (int)OnnxDataType.Int4)).ShouldBe([7, -8]);
    }

    /// <summary>Stores that round and saturate at once: ties, ends, what is far beyond them, and NaN.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 100)]
    [InlineData((int)OnnxDataType.Int8, -3)]
    [InlineData((int)OnnxDataType.Int8, 127)]
    [InlineData((int)OnnxDataType.UInt8, 0)]
    public void BytesAreRoundedAsTheyAreStored(int type, int zero)
    {
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.Float, 3, 41).Quantization("y", 0.5f, zero, (OnnxDataType)type)
            .Node("QuantizeLinear", ["x", "ys", "yz"], ["y"]).Output("y").ToBytes();
        Graph graph = OperatorCheck.Import(model);
        float[] numbers = Enumerable.Range(0, 3 * 41).Select(i => i switch
        {
            0 => float.NaN,
            1 => float.PositiveInfinity,
            2 => float.NegativeInfinity,
            3 => 1e30f,
            4 => -3e9f,
            _ => (i - 60) * 1.25f,
        }).ToArray();
        (int low, int high) = type == (int)OnnxDataType.UInt8 ? (0, 255) : (-128, 127);
        byte[] expected = numbers.Select(x => float.IsNaN(x) ? low : (int)Math.Clamp(Math.Round((double)x / 0.5, MidpointRounding.ToEven) + zero, low, high)).Select(static c => unchecked((byte)c)).ToArray();
        Tensor input = Tensor.Create(ElementType.Float32, graph.Inputs[0].Shape, numbers, "x");
        OperatorCheck.RunOn(model, graph, [input], [Tensor.FromBytes(graph.Outputs[0].Value.Type, graph.Inputs[0].Shape, expected, "y")], 0, 0);
        string.Concat(CompiledModel.Compile(model).Result.Code!.Sources.Select(static s => s.Text)).ShouldContain("ElementStorage.StoreRounded(");
    }

    [Theory]
    [InlineData(0, new long[] { 3 })]
    [InlineData(-1, new long[] { 5 })]
    [InlineData(1, new long[] { 4 })]
    public void AlongAnAxis(int axis, long[] shape)
    {
        float[] scales = Enumerable.Range(1, (int)shape[0]).Select(static i => 0.01f * i).ToArray();
        OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float, 3, 4, 5).Initializer("s", shape, scales)
            .RawInitializer("z", OnnxDataType.Int8, shape, Enumerable.Range(0, (int)shape[0]).Select(static i => (byte)i).ToArray())
            .Node("QuantizeLinear", ["x", "s", "z"], ["y"], ("axis", axis)).Output("y"));
    }

    [Fact]
    public void InBlocksWithAShortLastOne() => OperatorCheck.Run(new ModelBuilder(25)
        .Input("x", OnnxDataType.Float, 2, 5, 3).Initializer("s", [2, 3, 3], Enumerable.Range(1, 18).Select(static i => 0.01f * i).ToArray())
        .Node("QuantizeLinear", ["x", "s"], ["y"], ("axis", 1), ("block_size", 2), ("output_dtype", (int)OnnxDataType.Int8)).Output("y"));

    [Fact]
    public void ScaleAndZeroPointKnownAtRunTime() => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, 3, 37).Input("s", OnnxDataType.Float).Input("z", OnnxDataType.UInt8)
            .Node("QuantizeLinear", ["x", "s", "z"], ["y"]).Output("y"), low: 1, high: 4);

    [Fact]
    public void CodesOfCodesAreThoseCodes() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.UInt8, 7).Quantization("a", 0.5f, 3)
        .Node("DequantizeLinear", ["x", "as", "az"], ["r"]).Node("QuantizeLinear", ["r", "as", "az"], ["y"]).Output("y")).Length.ShouldBeLessThanOrEqualTo(1);

    [Theory]
    [InlineData(3)]
    [InlineData(-4)]
    public void RefusesAnAxisThatIsNone(int axis) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 4, 5).Initializer("s", [3], [1, 2, 3]).Node("QuantizeLinear", ["x", "s"], ["y"], ("axis", axis)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesAScaleThatFitsNothing() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 4).Initializer("s", [2], [1, 2]).Node("QuantizeLinear", ["x", "s"], ["y"], ("axis", 0)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesCodesThatAreNone() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Initializer("s", [], [1f]).Node("QuantizeLinear", ["x", "s"], ["y"], ("output_dtype", (int)OnnxDataType.Int64)).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    [Fact]
    public void WholeNumbersTakeWholeScales()
    {
        byte[] model = new ModelBuilder(opset: 21).Input("x", OnnxDataType.Int32, 4).Initializer("s", [], 3).Node("QuantizeLinear", ["x", "s"], ["y"]).Output("y", OnnxDataType.UInt8).ToBytes();
        Tensor x = Tensor.Create(ElementType.Int32, new Shape(4), [3, 7, 300, -5]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].Bytes.ToArray().ShouldBe([1, 2, 100, 0]);
        OperatorCheck.RunOn(model, [x]);
    }
}
