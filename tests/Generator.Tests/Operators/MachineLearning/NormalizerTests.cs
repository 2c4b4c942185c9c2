using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class NormalizerTests
{
    [Theory]
    [InlineData("MAX")]
    [InlineData("L1")]
    [InlineData("L2")]
    public void DividesRows(string norm) => OperatorCheck.Run(Model(norm));

    [Theory]
    [InlineData("MAX", new[] { 0.75f, 1, 0, 0 })]
    [InlineData("L1", new[] { 3f / 7, 4f / 7, 0, 0 })]
    [InlineData("L2", new[] { 0.6f, 0.8f, 0, 0 })]
    public void ComputesByHand(string norm, float[] expected)
    {
        float[] y = ScheduleCheck.Evaluate(Model(norm), Tensor.Create(ElementType.Float32, new Shape(2, 2), [3f, 4, 0, 0])).Floats().ToArray();
        y.Zip(expected).All(static p => System.Math.Abs(p.First - p.Second) < 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void RefusesOtherNorms() => OperatorCheck.Fails(Model("L3")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(string norm) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", OnnxDataType.Float, 2, 2)
        .Node("ai.onnx.ml", "Normalizer", ["x"], ["y"], ("norm", norm))
        .Output("y");
}
