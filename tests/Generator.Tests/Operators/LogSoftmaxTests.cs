using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class LogSoftmaxTests
{
    [Fact]
    public void TakesEveryShape() => SoftmaxChecks.Shapes("LogSoftmax");

    [Fact]
    public void ShortSlicesRunSideBySide() => SoftmaxChecks.ShortSlices("LogSoftmax");

    [Fact]
    public void IsSafeAtTheEdges()
    {
        SoftmaxChecks.Row("LogSoftmax", 1000f, 0f, float.NegativeInfinity, 0f, 0f).ShouldBe([0f, -1000f, float.NegativeInfinity, -1000f, -1000f]);
        SoftmaxChecks.Row("LogSoftmax", float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity).ShouldBe([float.NaN, float.NaN, float.NaN, float.NaN]);
    }

    [Fact]
    public void RefusesIntegersAndBadAxes()
    {
        Refuses(OnnxDataType.Int32, 0).ShouldBe(DiagnosticCodes.TypeUnsupported);
        Refuses(OnnxDataType.Float, 2).ShouldBe(DiagnosticCodes.ShapeMismatch);
    }

    private static string Refuses(OnnxDataType type, long axis) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", type, 3, 5)
        .Node("LogSoftmax", ["x"], ["y"], ("axis", axis))
        .Output("y")).Code;
}
