using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Convolutions of codes whose zero point is known only at run time: it is what padding has.</summary>
public sealed class IntegerConvTests
{
    [Theory]
    [InlineData(3, 16, 3, 1, 1, (int)OnnxDataType.Int8, 0)]
    [InlineData(64, 20, 3, 2, 1, (int)OnnxDataType.UInt8, 131)]
    [InlineData(40, 17, 1, 1, 1, (int)OnnxDataType.Int8, -3)]
    [InlineData(32, 32, 3, 1, 2, (int)OnnxDataType.Int8, 0)]
    public void OfDynamicallyQuantisedNumbers(int inputs, int outputs, int kernel, int stride, int groups, int type, int zeroPoint)
    {
        long pad = kernel / 2;
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, inputs, 9, 7)
            .RandomCodes("w", (OnnxDataType)type, outputs, inputs / groups, kernel, kernel).Quantization("w", 0.01f, zeroPoint, (OnnxDataType)type)
            .Node("DynamicQuantizeLinear", ["x"], ["q", "xs", "xz"])
            .Node("ConvInteger", ["q", "w", "xz", "wz"], ["i"], ("pads", new long[] { pad, 0, pad, pad }), ("strides", new long[] { stride, stride }), ("group", groups))
            .Node("Cast", ["i"], ["f"], ("to", 1)).Node("Mul", ["xs", "ws"], ["s"]).Node("Mul", ["f", "s"], ["y"]).Output("y");
        OperatorCheck.Run(model, relative: 1e-6);
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.Schedule.Steps.Single(static s => s.Node?.Operator.Name == "IntegerConv").Kernel.ShouldContain("of codes");
    }
}
