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

    /// <summary>Two rows at once and one that is left, of every rest behind whole vectors, in registers and not, narrower than a vector, in place and not.</summary>
    [Fact]
    public void RowsOfEveryLength()
    {
        var model = new ModelBuilder(13);
        foreach (int length in new[] { 8, 9, 12, 15, 16, 17, 31, 48, 49, 64, 65, 97, 150, 1001, 4097 })
        {
            model.Input($"x{length}", OnnxDataType.Float, 3, length).Node("Relu", [$"x{length}"], [$"r{length}"]).Node("Softmax", [$"r{length}"], [$"y{length}"], ("axis", -1)).Output($"y{length}");
        }

        OperatorCheck.Run(model, low: -9, high: 9);
    }

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
