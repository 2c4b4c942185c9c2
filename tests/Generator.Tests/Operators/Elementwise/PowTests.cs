using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class PowTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Pow", [.. ElementwiseCheck.Floats, OnnxDataType.Int32, OnnxDataType.Int64], relative: 1e-4);

    [Theory]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Int32, (int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Int64, (int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.Int32)]
    public void TakesAnotherTypeAsExponent(int type, int exponent) => ElementwiseCheck.Run(
        new ModelBuilder().Input("x", (OnnxDataType)type, 3, 7).Input("e", (OnnxDataType)exponent, 7).Node("Pow", ["x", "e"], ["y"]).Output("y"), low: 1, high: 5, limits: false);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(2.5)]
    public void TakesAConstantExponent(float exponent) => ElementwiseCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, 3, 37).Initializer("e", [], exponent).Node("Pow", ["x", "e"], ["y"]).Output("y"));

    [Fact]
    public void KeepsAnExponentThatEnlarges() => ElementwiseCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, 7).Initializer("e", [1, 1], 2f).Node("Pow", ["x", "e"], ["y"]).Output("y"));

    [Fact]
    public void KnownValues()
    {
        ElementwiseCheck.Evaluate("Pow", OnnxDataType.Float, [[2, 9, -2], [3, 0.5, 3]]).ShouldBe([8, 3, -8]);
        ElementwiseCheck.Evaluate("Pow", OnnxDataType.Int32, [[2, -1, -1, 3], [10, -3, -2, -1]]).ShouldBe([1024, -1, 1, 0]);
    }

    [Fact]
    public void RemovesTheNeutralElement() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3).Initializer("c", [1], 1f).Node("Pow", ["x", "c"], ["y"]).Node("Exp", ["y"], ["z"]).Output("z")).ShouldBe(["Exp"]);

    [Fact]
    public void AlignsAtTheAxisOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(6)
        .Input("a", OnnxDataType.Float, 2, 3, 4, 5).Input("b", OnnxDataType.Float, 3, 4)
        .Node("Pow", ["a", "b"], ["y"], ("broadcast", 1), ("axis", 1)).Output("y"));

    [Fact]
    public void RefusesShapesThatDoNotBroadcast() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("a", OnnxDataType.Float, 2, 3).Input("b", OnnxDataType.Float, 2).Node("Pow", ["a", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Pow", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
