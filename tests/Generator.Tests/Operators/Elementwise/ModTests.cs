using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ModTests
{
    [Fact]
    public void FollowsTheSignOfTheDivisor()
    {
        ElementwiseCheck.Binary("Mod", ElementwiseCheck.Integers);
        ElementwiseCheck.Evaluate("Mod", OnnxDataType.Int32, [[-4, 7, 5, 4, -7, 8, 9], [2, -3, 8, -2, 3, 5, 0]]).ShouldBe([0, -2, 5, 0, 2, 3, 0]);
    }

    [Fact]
    public void FollowsTheSignOfTheDividendWithFmod()
    {
        ElementwiseCheck.Binary("Mod", low: -1000, high: 1000, attributes: ("fmod", 1));
        ElementwiseCheck.Evaluate("Mod", OnnxDataType.Int32, [[-4, 7, -7], [3, -3, 3]], attributes: ("fmod", 1)).ShouldBe([-1, 1, -1]);
        ElementwiseCheck.Evaluate("Mod", OnnxDataType.Float, [[-5.5, 5.5], [2, -2]], attributes: ("fmod", 1)).ShouldBe([-1.5, 1.5]);
    }

    [Fact]
    public void RefusesFloatsWithoutFmod() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Node("Mod", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
