using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SoftmaxTests
{
    [Fact]
    public void TakesEveryShape() => SoftmaxChecks.Shapes("Softmax");

    [Fact]
    public void ShortSlicesRunSideBySide() => SoftmaxChecks.ShortSlices("Softmax");

    [Fact]
    public void IsSafeAtTheEdges()
    {
        SoftmaxChecks.Row("Softmax", 1000f, 1000f, float.NegativeInfinity, 1000f, 1000f).ShouldBe([0.25f, 0.25f, 0f, 0.25f, 0.25f]);
        SoftmaxChecks.Row("Softmax", float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity).ShouldBe([float.NaN, float.NaN, float.NaN, float.NaN]);
    }

    [Fact]
    public void RefusesIntegersAndBadAxes()
    {
        Refuses(OnnxDataType.Int32, 0).ShouldBe(DiagnosticCodes.TypeUnsupported);
        Refuses(OnnxDataType.Float, 2).ShouldBe(DiagnosticCodes.ShapeMismatch);
    }

    private static string Refuses(OnnxDataType type, long axis) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", type, 3, 5)
        .Node("Softmax", ["x"], ["y"], ("axis", axis))
        .Output("y")).Code;
}
