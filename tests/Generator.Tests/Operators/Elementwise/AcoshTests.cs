using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class AcoshTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Acosh", low: 1f, high: 9f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Acosh", OnnxDataType.Double, [[1, 2]]).ShouldBe([0, 1.31695789692482], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Acosh", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
