using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class HardmaxTests
{
    [Fact]
    public void TakesEveryShape() => SoftmaxChecks.Shapes("Hardmax");

    [Fact]
    public void IsSafeAtTheEdges()
    {
        SoftmaxChecks.Row("Hardmax", 1f, 3f, float.NaN, 3f, 0f).ShouldBe([0f, 1f, 0f, 0f, 0f]);
        SoftmaxChecks.Row("Hardmax", float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity).ShouldBe([1f, 0f, 0f, 0f]);
    }

    [Fact]
    public void RefusesIntegersAndBadAxes()
    {
        Refuses(OnnxDataType.Int32, 0).ShouldBe(DiagnosticCodes.TypeUnsupported);
        Refuses(OnnxDataType.Float, 2).ShouldBe(DiagnosticCodes.ShapeMismatch);
    }

    private static string Refuses(OnnxDataType type, long axis) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", type, 3, 5)
        .Node("Hardmax", ["x"], ["y"], ("axis", axis))
        .Output("y")).Code;
}
