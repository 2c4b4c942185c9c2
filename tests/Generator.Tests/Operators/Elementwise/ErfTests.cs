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
    public void TruncatesWholeNumbers()
    {
        // erf(5) is 1.5e-12 less than 1, which f32 does not tell from 1.
        OperatorCheck.Interpret(new ModelBuilder(24).Initializer("x", [5], 0L, 1L, -5L, 6L, -7L).Node("Erf", ["x"], ["y"]).Output("y")).ToInt64Array().ShouldBe([0, 0, 0, 1, -1]);
        OperatorCheck.Run(new ModelBuilder(24).Input("x", OnnxDataType.Int8, 37).Node("Erf", ["x"], ["y"]).Output("y", OnnxDataType.Int8, 37));
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Erf", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
