using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class TreeEnsembleClassifierTests
{
    private static readonly (string, object) Three = ("classlabels_int64s", new long[] { 5, 6, 7 });

    [Theory]
    [InlineData("NONE")]
    [InlineData("SOFTMAX")]
    [InlineData("LOGISTIC")]
    public void AddsTreesOfThreeClasses(string transform) =>
        OperatorCheck.Run(Trees.Model("TreeEnsembleClassifier", "class", OnnxDataType.Float, Three, ("post_transform", transform)), relative: 1e-4);

    [Fact]
    public void TheLargestScoreWins()
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(5, 2), [0.5f, 0, 0.6f, 1, 0.6f, 2, 0, 5, -1, 9]);
        ScheduleCheck.Evaluate(Trees.Model("TreeEnsembleClassifier", "class", OnnxDataType.Float, Three), x).ToInt64Array().ShouldBe([5, 6, 6, 5, 5]);
    }

    [Theory]
    [InlineData(new[] { 0.1f, 0.2f, 0.3f, 0.3f, 0.4f, 0.6f }, "NONE")]
    [InlineData(new[] { -1f, 2f, 3f, 0.3f, 0.4f, -0.6f }, "LOGISTIC")]
    [InlineData(new[] { -1f, 2f, 3f, 0.3f, 0.4f, -0.6f }, "NONE")]
    public void WeightsOfOneClassAreBinary(float[] weights, string transform) => OperatorCheck.Run(Trees.Model(
        "TreeEnsembleClassifier",
        "class",
        OnnxDataType.Float,
        ("classlabels_strings", new[] { "no", "yes" }),
        ("class_ids", new long[6]),
        ("class_weights", weights),
        ("post_transform", transform)));

    [Fact]
    public void SharesAreComplemented()
    {
        ModelBuilder model = Trees.Model(
            "TreeEnsembleClassifier", "class", OnnxDataType.Float, ("classlabels_int64s", new long[] { 0, 1 }), ("class_ids", new long[6]), ("class_weights", new[] { 0.25f, 0, 0, 0, 0.5f, 0 }));
        CompiledModel compiled = CompiledModel.Compile(model.ToBytes());
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(5, 2), [0f, 0, 1, 0, 1, 1, 1, 2, 1, 3]);
        compiled.Run(x)[0].ToInt64Array().ShouldBe([1, 0, 0, 0, 0]);
        compiled.Run(x)[1].Floats().Slice(0, 4).ToArray().ShouldBe([0.25f, 0.75f, 1, 0]);
    }
}
