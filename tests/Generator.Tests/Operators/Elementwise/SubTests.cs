using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SubTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Sub");

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Sub", OnnxDataType.UInt8, [[1, 5], [2, 3]]).ShouldBe([255, 2]);

    [Fact]
    public void RemovesTheNeutralElement() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3).Initializer("c", [1], 0f).Node("Sub", ["x", "c"], ["y"]).Node("Exp", ["y"], ["z"]).Output("z")).ShouldBe(["Exp"]);

    [Fact]
    public void AlignsAtTheAxisOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(6)
        .Input("a", OnnxDataType.Float, 2, 3, 4, 5).Input("b", OnnxDataType.Float, 3, 4)
        .Node("Sub", ["a", "b"], ["y"], ("broadcast", 1), ("axis", 1)).Output("y"));

    [Fact]
    public void RefusesShapesThatDoNotBroadcast() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("a", OnnxDataType.Float, 2, 3).Input("b", OnnxDataType.Float, 2).Node("Sub", ["a", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Sub", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
