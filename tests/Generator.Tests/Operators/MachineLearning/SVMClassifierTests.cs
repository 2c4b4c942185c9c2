using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class SVMClassifierTests
{
    [Theory]
    [InlineData("LINEAR", true)]
    [InlineData("RBF", false)]
    public void VotesAmongThreeClasses(string kernel, bool probabilities) => OperatorCheck.Run(Model(kernel, probabilities), relative: 1e-3, absolute: 1e-4);

    [Fact]
    public void TheClassWithMostVotesWins()
    {
        // The support vector of class c is the unit vector c, and a sample on it is nearest to it in every pair.
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(3, 3), [1f, 0, 0, 0, 1, 0, 0, 0, 1]);
        ScheduleCheck.Evaluate(Model("LINEAR", probabilities: false), x).ToInt64Array().ShouldBe([5, 6, 7]);
    }

    [Fact]
    public void LinearModeHasNoVectors() => OperatorCheck.Run(new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", OnnxDataType.Float, 4, 2)
        .Node("ai.onnx.ml", "SVMClassifier", ["x"], ["label", "scores"], ("coefficients", new[] { 1f, -1, -1, 1 }), ("rho", new[] { 0.1f }), ("classlabels_ints", new long[] { 0, 1 }))
        .Output("label")
        .Output("scores"));

    [Fact]
    public void RefusesWrongCounts() => OperatorCheck.Fails(new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", OnnxDataType.Float, 4, 2)
        .Node("ai.onnx.ml", "SVMClassifier", ["x"], ["label", "scores"], ("coefficients", new[] { 1f }), ("rho", new[] { 0.1f }), ("classlabels_ints", new long[] { 0, 1 }), ("vectors_per_class", new long[] { 1, 1 }), ("support_vectors", new[] { 1f, 2, 3, 4 }))
        .Output("label")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(string kernel, bool probabilities)
    {
        (string, object)[] attributes =
        [
            ("coefficients", new[] { 1f, -1, -1, 1, 1, -1 }),
            ("support_vectors", new[] { 1f, 0, 0, 0, 1, 0, 0, 0, 1 }),
            ("vectors_per_class", new long[] { 1, 1, 1 }),
            ("rho", new[] { 0f, 0, 0 }),
            ("kernel_type", kernel),
            ("kernel_params", new[] { 0.5f, 0, 3 }),
            ("classlabels_ints", new long[] { 5, 6, 7 }),
        ];
        return new ModelBuilder()
            .Import("ai.onnx.ml", 1)
            .Input("x", OnnxDataType.Float, 3, 3)
            .Node(
                "ai.onnx.ml",
                "SVMClassifier",
                ["x"],
                ["label", "scores"],
                probabilities ? [.. attributes, ("prob_a", new[] { -1f, -1.5f, -2 }), ("prob_b", new[] { 0.1f, 0, -0.1f })] : attributes)
            .Output("label")
            .Output("scores");
    }
}
