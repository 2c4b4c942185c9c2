using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class EqualTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Equal", [.. ElementwiseCheck.Numbers, OnnxDataType.Bool]);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Equal", OnnxDataType.UInt64, [[1, 5, 18446744073709551615], [2, 5, 3]]).ShouldBe([0, 1, 0]);

    [Fact]
    public void NanComparesFalse() => ElementwiseCheck.Evaluate("Equal", OnnxDataType.Float, [[double.NaN, 1], [1, double.NaN]]).ShouldBe([0, 0]);

    [Fact]
    public void AlignsAtTheAxisOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(6)
        .Input("a", OnnxDataType.Float, 2, 3, 4, 5).Input("b", OnnxDataType.Float, 3, 4)
        .Node("Equal", ["a", "b"], ["y"], ("broadcast", 1), ("axis", 1)).Output("y"));

    [Fact]
    public void RefusesShapesThatDoNotBroadcast() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("a", OnnxDataType.Float, 2, 3).Input("b", OnnxDataType.Float, 2).Node("Equal", ["a", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
