using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class GeluTests
{
    [Theory]
    [InlineData("none", -0.158655253931457, 1.95449973610364)]
    [InlineData("tanh", -0.158808009, 1.954597694)]
    public void MatchesTheOracle(string approximate, double atMinusOne, double atTwo)
    {
        ElementwiseCheck.Unary("Gelu", [OnnxDataType.Float, OnnxDataType.Double], low: -9, high: 9, attributes: ("approximate", approximate));
        ElementwiseCheck.Evaluate("Gelu", OnnxDataType.Float, [[-1, 0, 2]], attributes: ("approximate", approximate)).ShouldBe([atMinusOne, 0, atTwo], 2e-7);
    }

    [Fact]
    public void RefusesOtherApproximations() => OperatorCheck.Fails(new ModelBuilder(20)
        .Input("x", OnnxDataType.Float, 3).Node("Gelu", ["x"], ["y"], ("approximate", "erfc")).Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Gelu", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
