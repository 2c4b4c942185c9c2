using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ErfTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Erf", [OnnxDataType.Float, OnnxDataType.Double]);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Erf", OnnxDataType.Float, [[0, 0.5, -1, 2.5, 4]]).ShouldBe([0, 0.520499877813047, -0.842700792949715, 0.999593047982555, 0.999999984582742], 1e-7);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Erf", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
