using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MulTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Mul");

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Mul", OnnxDataType.Int32, [[2, -3], [5, 7]]).ShouldBe([10, -21]);

    [Fact]
    public void RemovesTheNeutralElement() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3).Initializer("c", [1], 1f).Node("Mul", ["x", "c"], ["y"]).Node("Exp", ["y"], ["z"]).Output("z")).ShouldBe(["Exp"]);

    [Fact]
    public void RemovesTheNeutralElementOnTheLeft() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3).Initializer("c", [1], 1f).Node("Mul", ["c", "x"], ["y"]).Node("Exp", ["y"], ["z"]).Output("z")).ShouldBe(["Exp"]);

    [Fact]
    public void KeepsTheNeutralElementThatEnlarges() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Initializer("c", [2, 1], 1f, 1f).Node("Mul", ["x", "c"], ["y"]).Output("y"));

    [Fact]
    public void AlignsAtTheAxisOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(6)
        .Input("a", OnnxDataType.Float, 2, 3, 4, 5).Input("b", OnnxDataType.Float, 3, 4)
        .Node("Mul", ["a", "b"], ["y"], ("broadcast", 1), ("axis", 1)).Output("y"));

    [Fact]
    public void RefusesShapesThatDoNotBroadcast() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("a", OnnxDataType.Float, 2, 3).Input("b", OnnxDataType.Float, 2).Node("Mul", ["a", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Mul", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
