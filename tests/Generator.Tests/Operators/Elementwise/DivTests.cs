using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class DivTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Div");

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Div", OnnxDataType.Int32, [[7, -7, 7, int.MinValue], [2, 2, 0, -1]]).ShouldBe([3, -3, 0, int.MinValue]);

    [Fact]
    public void RemovesTheNeutralElement() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3).Initializer("c", [1], 1f).Node("Div", ["x", "c"], ["y"]).Node("Exp", ["y"], ["z"]).Output("z")).ShouldBe(["Exp"]);

    [Fact]
    public void AlignsAtTheAxisOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(6)
        .Input("a", OnnxDataType.Float, 2, 3, 4, 5).Input("b", OnnxDataType.Float, 3, 4)
        .Node("Div", ["a", "b"], ["y"], ("broadcast", 1), ("axis", 1)).Output("y"));

    [Fact]
    public void RefusesShapesThatDoNotBroadcast() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("a", OnnxDataType.Float, 2, 3).Input("b", OnnxDataType.Float, 2).Node("Div", ["a", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Div", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
