using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class BitShiftTests
{
    [Theory]
    [InlineData("LEFT", 20, 0)]
    [InlineData("RIGHT", 1, 0)]
    public void MatchesTheOracle(string direction, double five, double beyond)
    {
        ElementwiseCheck.Binary("BitShift", ElementwiseCheck.UnsignedIntegers, low: 0, high: 9, attributes: ("direction", direction));
        ElementwiseCheck.Evaluate("BitShift", OnnxDataType.UInt8, [[5, 5], [2, 8]], attributes: ("direction", direction)).ShouldBe([five, beyond]);
    }

    [Fact]
    public void RefusesOtherDirections() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.UInt8, 3).Node("BitShift", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("BitShift", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
