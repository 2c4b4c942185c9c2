using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class LinearClassifierTests
{
    [Theory]
    [InlineData("NONE")]
    [InlineData("SOFTMAX")]
    [InlineData("LOGISTIC")]
    [InlineData("SOFTMAX_ZERO")]
    public void ClassifiesAmongThree(string transform) => OperatorCheck.Run(Model(transform, [1f, 2, 3, 4, -5, 6], [0.5f, 0, -0.5f], ("classlabels_ints", new long[] { 7, 8, 9 })), relative: 1e-4);

    [Fact]
    public void NamesClasses() => OperatorCheck.Run(Model("NONE", [1f, 2, 3, 4, -5, 6], [0.5f, 0, -0.5f], ("classlabels_strings", new[] { "cat", "dog", "cow" })));

    [Fact]
    public void OneRowOfCoefficientsIsBinary()
    {
        ModelBuilder model = Model("NONE", [1f, -1], [0.25f], ("classlabels_ints", new long[] { -1, 1 }));
        OperatorCheck.Run(model);
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(5, 2), [0f, 0, 1, 2, 2, 1, 0, 1, 1, 1]);
        ScheduleCheck.Evaluate(model, x).ToInt64Array().ShouldBe([1, -1, 1, -1, 1]);
    }

    [Fact]
    public void RefusesTooFewLabels() => OperatorCheck.Fails(Model("NONE", [1f, 2, 3, 4, -5, 6], [0.5f, 0, -0.5f], ("classlabels_ints", new long[] { 7, 8 }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(string transform, float[] coefficients, float[] intercepts, (string, object) labels) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", OnnxDataType.Float, 5, 2)
        .Node("ai.onnx.ml", "LinearClassifier", ["x"], ["label", "scores"], ("coefficients", coefficients), ("intercepts", intercepts), ("post_transform", transform), labels)
        .Output("label")
        .Output("scores");

    /// <summary>The scores are those of ONNX Runtime 1.30.</summary>
    [Fact]
    public void OneRowOfCoefficientsMakesTwoLogisticScores()
    {
        ModelBuilder model = Model("LOGISTIC", [1f, -1], [0.25f], ("classlabels_ints", new long[] { -1, 1 }));
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(5, 2), [0f, 0, 1, 2, 2, 1, 0, 1, 1, 1]);
        float[] scores = GraphInterpreter.Run(OperatorCheck.Import(model.ToBytes()), [x])[1].Floats().ToArray();
        scores[0].ShouldBe(0.437823f, 1e-5f);
        scores[1].ShouldBe(0.562177f, 1e-5f);
        OperatorCheck.Run(model, relative: 1e-4);
    }
}
