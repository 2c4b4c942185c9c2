using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MinTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Min");

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Min", OnnxDataType.Float, [[1, -9, double.NaN], [4, 3, 2]]).ShouldBe([1, -9, double.NaN]);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void TakesAnyNumberOfInputs(int count) => ElementwiseCheck.Variadic("Min", count);

    [Fact]
    public void BecomesAClipBesideANumber() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3).Initializer("c", [], 0.5f).Node("Min", ["c", "x"], ["y"]).Output("y")).ShouldBe(["Clip"]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Min", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
