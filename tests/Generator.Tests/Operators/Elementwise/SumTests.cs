using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SumTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Sum", ElementwiseCheck.Floats);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Sum", OnnxDataType.Float, [[1, -9, double.NaN], [4, 3, 2]]).ShouldBe([5, -6, double.NaN]);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void TakesAnyNumberOfInputs(int count) => ElementwiseCheck.Variadic("Sum", count);

    [Fact]
    public void RefusesAGapInTheList() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Node("Sum", ["x", "", "x"], ["y"]).Output("y")).Message.ShouldContain("input 1 is absent");

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Sum", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
