using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class FeatureVectorizerTests
{
    [Fact]
    public void JoinsRows() => OperatorCheck.Run(Model([2, 3]));

    [Fact]
    public void CutsAndFills()
    {
        OperatorCheck.Run(Model([1, 5]));
        Tensor a = Tensor.Create(ElementType.Float32, new Shape(1, 2), [1f, 2]);
        Tensor b = Tensor.Create(ElementType.Int64, new Shape(1, 3), [3L, 4, 5]);
        ScheduleCheck.Evaluate(Model([1, 4]), a, b).Floats().ToArray().ShouldBe([1f, 3, 4, 5, 0]);
    }

    [Fact]
    public void RefusesWrongCounts() => OperatorCheck.Fails(Model([1])).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(long[] lengths) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("a", OnnxDataType.Float, 1, 2)
        .Input("b", OnnxDataType.Int64, 1, 3)
        .Node("ai.onnx.ml", "FeatureVectorizer", ["a", "b"], ["y"], ("inputdimensions", lengths))
        .Output("y");
}
