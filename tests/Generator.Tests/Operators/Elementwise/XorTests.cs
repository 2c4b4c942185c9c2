using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class XorTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Xor", [OnnxDataType.Bool]);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Xor", OnnxDataType.Bool, [[0, 0, 1, 1], [0, 1, 0, 1]]).ShouldBe([0, 1, 1, 0]);

    [Fact]
    public void AlignsAtTheAxisOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(6)
        .Input("a", OnnxDataType.Bool, 2, 3, 4, 5).Input("b", OnnxDataType.Bool, 3, 4)
        .Node("Xor", ["a", "b"], ["y"], ("broadcast", 1), ("axis", 1)).Output("y"));

    [Fact]
    public void RefusesShapesThatDoNotBroadcast() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("a", OnnxDataType.Bool, 2, 3).Input("b", OnnxDataType.Bool, 2).Node("Xor", ["a", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Float, 3).Node("Xor", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
