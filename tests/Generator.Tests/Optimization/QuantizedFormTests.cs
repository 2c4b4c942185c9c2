using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class QuantizedFormTests
{
    /// <summary>Two convolutions with a residual: everything between the first quantisation and the last real number runs on their registers.</summary>
    [Fact]
    public void RequantisationFusesIntoTheProducts()
    {
        ModelBuilder model = Residual();
        OperatorCheck.Run(model);
        PassCheck.Operators(CompiledModel.Compile(model.ToBytes()).Graph).Split(", ").Select(static n => n.Split('+')[0]).ShouldBe(["QuantizeLinear", "Conv", "Conv"]);
    }

    [Fact]
    public void PooledAndTransposedCodesStayWholeNumbers() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 3, 8, 8).Quantization("x", 0.02f, 100).RandomCodes("w", OnnxDataType.Int8, 20, 3, 3, 3).Quantization("w", 0.01f, 0, OnnxDataType.Int8)
        .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]).Node("DequantizeLinear", ["q", "xs", "xz"], ["d"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"])
        .Node("MaxPool", ["d"], ["m"], ("kernel_shape", new long[] { 2, 2 })).Node("QuantizeLinear", ["m", "xs", "xz"], ["mq"]).Node("DequantizeLinear", ["mq", "xs", "xz"], ["md"])
        .Node("Conv", ["md", "dw"], ["c"], ("pads", new long[] { 1, 1, 1, 1 })).Node("Concat", ["c", "md"], ["j"], ("axis", 1)).Node("QuantizeLinear", ["j", "xs", "xz"], ["jq"])
        .Node("DequantizeLinear", ["jq", "xs", "xz"], ["y"]).Output("y"));

    /// <summary>Sums that f32 might not hold are exact all the same: they grow in integers.</summary>
    [Fact]
    public void LargeSumsRunOnIntegers()
    {
        byte[] weights = Enumerable.Repeat((byte)127, 2 * 1200).ToArray();
        ModelBuilder model = new ModelBuilder().Input("a", OnnxDataType.UInt8, 2, 1200).RawInitializer("b", OnnxDataType.Int8, [1200, 2], weights).Quantization("a", 1, 0).Quantization("b", 1, 0, OnnxDataType.Int8)
            .Node("DequantizeLinear", ["a", "as", "az"], ["da"]).Node("DequantizeLinear", ["b", "bs", "bz"], ["db"]).Node("MatMul", ["da", "db"], ["y"]).Output("y");
        OperatorCheck.Run(model, low: 250, high: 255, relative: 0, absolute: 0);
        CompiledModel.Compile(model.ToBytes()).Graph.Nodes.Single(static n => n.Operator.Name == "MatMul").Required(1).Constant!.Floats()[0].ShouldBe(127);
    }

    /// <summary>Weights that no byte holds stay real where f32 might not hold the sums.</summary>
    [Fact]
    public void LargeSumsOfWideWeightsStayReal()
    {
        byte[] weights = Enumerable.Range(0, 2 * 1200).Select(static i => (byte)(i % 2 == 0 ? 255 : 0)).ToArray();
        ModelBuilder model = new ModelBuilder().Input("a", OnnxDataType.UInt8, 2, 1200).RawInitializer("b", OnnxDataType.UInt8, [1200, 2], weights).Quantization("a", 0.01f, 0)
            .Initializer("bs", [2], 0.01f, 0.01f).RawInitializer("bz", OnnxDataType.UInt8, [2], [0, 255])
            .Node("DequantizeLinear", ["a", "as", "az"], ["da"]).Node("DequantizeLinear", ["b", "bs", "bz"], ["db"], ("axis", 1)).Node("MatMul", ["da", "db"], ["y"]).Output("y");
        OperatorCheck.Run(model, low: 0, high: 255, relative: 1e-4);
        CompiledModel.Compile(model.ToBytes()).Graph.Nodes.Single(static n => n.Operator.Name == "MatMul").Required(1).Constant!.Floats()[0].ShouldBe(255 * 0.01f);
    }

    /// <summary>Unsigned weights are bytes too, wherever their zero point lies.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(77)]
    [InlineData(255)]
    public void UnsignedWeightsRunOnIntegers(int zeroPoint)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 3, 301).Quantization("x", 0.02f, 100).RandomCodes("w", OnnxDataType.UInt8, 301, 21).Quantization("w", 0.01f, zeroPoint)
            .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]).Node("DequantizeLinear", ["q", "xs", "xz"], ["d"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"]).Node("MatMul", ["d", "dw"], ["y"]).Output("y");
        OperatorCheck.Run(model);
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.Schedule.Steps.Single(static s => s.Node?.Operator.Name == "MatMul").Kernel.ShouldContain("of codes");
    }

    /// <summary>Saturation does the work of a Clip whose bounds have no codes beyond them.</summary>
    [Fact]
    public void AClipToTheCodesRangeGoes() => Clipped(6).ShouldNotContain("Clip");

    [Fact]
    public void AClipWithinTheCodesRangeStays() => Clipped(5).ShouldContain("Clip");

    private static string Clipped(float largest)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 16, 5, 5).Quantization("x", 0.02f, 100).Quantization("y", 6f / 255, 0)
            .RandomCodes("w", OnnxDataType.Int8, 16, 16, 3, 3).Quantization("w", 0.01f, 0, OnnxDataType.Int8).Initializer("least", [], 0f).Initializer("most", [], largest)
            .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]).Node("DequantizeLinear", ["q", "xs", "xz"], ["d"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"])
            .Node("Conv", ["d", "dw"], ["c"]).Node("Clip", ["c", "least", "most"], ["r"]).Node("QuantizeLinear", ["r", "ys", "yz"], ["y"]).Output("y");
        OperatorCheck.Run(model, absolute: 1);
        return PassCheck.Operators(CompiledModel.Compile(model.ToBytes()).Graph);
    }

    [Fact]
    public void WeightsOfExactSumsAreWholeNumbers() => CompiledModel.Compile(Residual().ToBytes()).Graph.Nodes
        .Where(static n => n.Operator.Name == "Conv")
        .SelectMany(static n => n.Required(1).Constant!.Floats().ToArray())
        .ShouldAllBe(static w => w == (int)w);

    /// <summary>A bias in another unit is added behind the scale.</summary>
    [Fact]
    public void AForeignBiasIsAddedBehind() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.UInt8, 1, 3, 4, 4).RandomCodes("w", OnnxDataType.Int8, 2, 3, 1, 1).Quantization("x", 0.5f, 3).Quantization("w", 0.25f, 0, OnnxDataType.Int8).Initializer("b", [2], [0.3f, -0.7f])
        .Node("DequantizeLinear", ["x", "xs", "xz"], ["a"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["d"]).Node("Conv", ["a", "d", "b"], ["y"]).Output("y"), low: 0, high: 255);

    private static ModelBuilder Residual() => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 16, 6, 6).Quantization("x", 0.02f, 100).Quantization("y", 0.05f, 90).Quantization("z", 0.07f, 80)
        .RandomCodes("w", OnnxDataType.Int8, 16, 16, 3, 3).Initializer("ws", [16], Enumerable.Range(1, 16).Select(static i => 0.001f * i).ToArray()).RawInitializer("wz", OnnxDataType.Int8, [16], new byte[16])
        .Node("QuantizeLinear", ["x", "xs", "xz"], ["q"]).Node("DequantizeLinear", ["q", "xs", "xz"], ["d"]).Node("DequantizeLinear", ["w", "ws", "wz"], ["dw"], ("axis", 0))
        .Node("Conv", ["d", "dw"], ["c1"], ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", ["c1"], ["r1"])
        .Node("QuantizeLinear", ["r1", "ys", "yz"], ["q1"]).Node("DequantizeLinear", ["q1", "ys", "yz"], ["d1"])
        .Node("Conv", ["d1", "dw"], ["c2"], ("pads", new long[] { 1, 1, 1, 1 })).Node("Add", ["c2", "d1"], ["s"])
        .Node("QuantizeLinear", ["s", "zs", "zz"], ["q2"]).Node("DequantizeLinear", ["q2", "zs", "zz"], ["y"]).Output("y");
}
