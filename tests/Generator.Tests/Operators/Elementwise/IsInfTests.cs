using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class IsInfTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public void DetectsTheSignsAskedFor(int negative, int positive)
    {
        (string, object)[] attributes = [("detect_negative", negative), ("detect_positive", positive)];
        ElementwiseCheck.Unary("IsInf", attributes: attributes);
        ElementwiseCheck.Evaluate("IsInf", OnnxDataType.Float, [[double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1]], attributes: attributes)
            .ShouldBe([0, positive, negative, 0]);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("IsInf", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    [Theory]
    [InlineData((int)OnnxDataType.Float8E4M3FN)]
    [InlineData((int)OnnxDataType.Float8E4M3FNUZ)]
    [InlineData((int)OnnxDataType.Float8E5M2)]
    [InlineData((int)OnnxDataType.Float8E5M2FNUZ)]
    public void TakesNarrowFloats(int type)
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(4), [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1f]);
        byte[] model = new ModelBuilder(opset: 20).Input("x", OnnxDataType.Float, 4)
            .Node("Cast", ["x"], ["n"], ("to", type), ("saturate", 0)).Node("IsInf", ["n"], ["y"]).Output("y").ToBytes();
        bool infinities = (OnnxDataType)type == OnnxDataType.Float8E5M2;
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].Bytes.ToArray().ShouldBe(infinities ? new byte[] { 0, 1, 1, 0 } : [0, 0, 0, 0]);
        OperatorCheck.RunOn(model, [x]);
    }
}
