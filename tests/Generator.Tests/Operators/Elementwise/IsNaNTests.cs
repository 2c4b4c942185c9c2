using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class IsNaNTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("IsNaN");

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("IsNaN", OnnxDataType.Float, [[double.NaN, 1, double.PositiveInfinity]]).ShouldBe([1, 0, 0]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("IsNaN", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    [Theory]
    [InlineData((int)OnnxDataType.Float8E4M3FN)]
    [InlineData((int)OnnxDataType.Float8E4M3FNUZ)]
    [InlineData((int)OnnxDataType.Float8E5M2)]
    [InlineData((int)OnnxDataType.Float8E5M2FNUZ)]
    public void TakesNarrowFloats(int type)
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(4), [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1f]);
        byte[] model = new ModelBuilder(opset: 20).Input("x", OnnxDataType.Float, 4)
            .Node("Cast", ["x"], ["n"], ("to", type), ("saturate", 0)).Node("IsNaN", ["n"], ["y"]).Output("y").ToBytes();
        bool infinities = (OnnxDataType)type == OnnxDataType.Float8E5M2;
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].Bytes.ToArray().ShouldBe(infinities ? new byte[] { 1, 0, 0, 0 } : [1, 1, 1, 0]);
        OperatorCheck.RunOn(model, [x]);
    }
}
