using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ConvIntegerTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void SumsAreExact(int channels) => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.UInt8, 1, channels, 6, 5).RandomCodes("w", OnnxDataType.UInt8, 4, channels, 3, 3).Quantization("x", 1, 255).Quantization("w", 1, 9)
            .Node("ConvInteger", ["x", "w", "xz", "wz"], ["y"], ("pads", new long[] { 1, 0, 1, 0 })).Output("y"), low: 0, high: 256, relative: 0, absolute: 0);

    /// <summary>Constant weights run in the kernels of codes; results in integers are plain.</summary>
    [Theory]
    [InlineData(40, 20, 3, 1, 1, 1, (int)OnnxDataType.UInt8, 120)]
    [InlineData(16, 33, 3, 2, 1, 1, (int)OnnxDataType.Int8, -128)]
    [InlineData(3, 5, 2, 1, 1, 2, (int)OnnxDataType.UInt8, 255)]
    [InlineData(32, 32, 1, 1, 2, 1, (int)OnnxDataType.Int8, 3)]
    [InlineData(18, 18, 3, 1, 18, 1, (int)OnnxDataType.UInt8, 0)]
    public void ConvolutionsWithConstantsAreIntegers(int inputs, int outputs, int kernel, int stride, int groups, int dilation, int type, int zeroPoint)
    {
        long pad = kernel / 2;
        foreach (bool isKnown in new[] { true, false })
        {
            ModelBuilder model = new ModelBuilder().Input("x", (OnnxDataType)type, 2, inputs, 9, 7).RandomCodes("w", OnnxDataType.UInt8, outputs, inputs / groups, kernel, kernel).Quantization("w", 1, 131);
            model = isKnown ? model.Quantization("x", 1, zeroPoint, (OnnxDataType)type) : model.Input("xz", (OnnxDataType)type);
            model = model.Node("ConvInteger", ["x", "w", "xz", "wz"], ["y"], ("pads", new long[] { pad, 0, pad, pad }), ("strides", new long[] { stride, stride }), ("dilations", new long[] { dilation, dilation }), ("group", groups)).Output("y");
            OperatorCheck.Run(model, low: type == (int)OnnxDataType.UInt8 ? 0 : -128, high: type == (int)OnnxDataType.UInt8 ? 255 : 127, relative: 0, absolute: 0);
            CompiledModel.Compile(model.ToBytes()).Result.Plan!.Schedule.Steps.First(static s => s.Node?.Operator.Name == "IntegerConv").Kernel.ShouldContain("of codes");
        }
    }

    [Fact]
    public void RefusesRealNumbers() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 2, 4, 4).RandomCodes("w", OnnxDataType.UInt8, 3, 2, 1, 1).Node("ConvInteger", ["x", "w"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
