using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class LinearRegressorTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.Double)]
    public void MultipliesAndAdds(int type) => OperatorCheck.Run(Model((OnnxDataType)type, "NONE", 5, 3));

    [Fact]
    public void ComputesByHand()
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(1, 3), [1f, 2f, 3f]);
        ScheduleCheck.Evaluate(Model(OnnxDataType.Float, "NONE", 1, 3), x).Floats().ToArray().ShouldBe([1 * 0.5f + 2 - 3 + 10, 2 + 6 - 10]);
    }

    [Fact]
    public void TransformsScores() => OperatorCheck.Run(Model(OnnxDataType.Float, "SOFTMAX", 4, 3));

    [Fact]
    public void RefusesOtherFeatures() => OperatorCheck.Fails(Model(OnnxDataType.Float, "NONE", 2, 4)).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model(OnnxDataType type, string transform, int rows, int features) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", type, rows, features)
        .Node("ai.onnx.ml", "LinearRegressor", ["x"], ["y"], ("coefficients", new[] { 0.5f, 1, -1, 0, 1, 2 }), ("intercepts", new[] { 10f, -10 }), ("targets", 2), ("post_transform", transform))
        .Output("y");
}
