using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class CDistTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float, "sqeuclidean", 37)]
    [InlineData((int)OnnxDataType.Float, "euclidean", 16)]
    [InlineData((int)OnnxDataType.Float, "euclidean", 3)]
    [InlineData((int)OnnxDataType.Double, "euclidean", 5)]
    public void MeasuresAllPairs(int type, string metric, int features) => OperatorCheck.Run(Model((OnnxDataType)type, metric, features));

    [Fact]
    public void ComputesByHand() => ScheduleCheck.Evaluate(
        Model(OnnxDataType.Float, "euclidean", 2),
        Tensor.Create(ElementType.Float32, new Shape(3, 2), [0f, 0, 3, 0, 0, 4]),
        Tensor.Create(ElementType.Float32, new Shape(2, 2), [0f, 0, 3, 4])).Floats().ToArray().ShouldBe([0f, 5, 3, 4, 4, 3]);

    [Fact]
    public void RefusesOtherMetrics() => OperatorCheck.Fails(Model(OnnxDataType.Float, "cosine", 2)).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);

    private static ModelBuilder Model(OnnxDataType type, string metric, int features) => new ModelBuilder()
        .Import("com.microsoft", 1)
        .Input("a", type, 3, features)
        .Input("b", type, 2, features)
        .Node("com.microsoft", "CDist", ["a", "b"], ["y"], ("metric", metric))
        .Output("y");
}
