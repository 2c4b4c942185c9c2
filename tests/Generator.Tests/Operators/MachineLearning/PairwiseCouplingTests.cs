using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class PairwiseCouplingTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void ProbabilitiesAddUpToOne(int classes)
    {
        int pairs = classes * (classes - 1) / 2;
        ModelBuilder model = new ModelBuilder()
            .Import("aotcompiler.internal", 1)
            .Input("r", OnnxDataType.Float, 3, pairs)
            .Node("aotcompiler.internal", "PairwiseCoupling", ["r"], ["p"], ("classes", classes))
            .Output("p");
        OperatorCheck.Run(model, low: 0.05f, high: 0.95f, relative: 1e-4);
        float[] p = ScheduleCheck.Evaluate(model, Tensor.Create(ElementType.Float32, new Shape(3, pairs), Enumerable.Repeat(0.5f, 3 * pairs).ToArray())).Floats().ToArray();
        p.All(value => System.Math.Abs(value - (1f / classes)) < 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void TwoClassesKeepTheirProbability() => ScheduleCheck.Evaluate(
        new ModelBuilder().Import("aotcompiler.internal", 1).Input("r", OnnxDataType.Float, 1, 1).Node("aotcompiler.internal", "PairwiseCoupling", ["r"], ["p"], ("classes", 2)).Output("p"),
        Tensor.Create(ElementType.Float32, new Shape(1, 1), [0.8f])).Floats()[0].ShouldBe(0.8f, 0.01f);
}
