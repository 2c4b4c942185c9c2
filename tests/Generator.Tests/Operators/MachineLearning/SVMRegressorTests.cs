using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class SVMRegressorTests
{
    [Theory]
    [InlineData("LINEAR")]
    [InlineData("POLY")]
    [InlineData("RBF")]
    [InlineData("SIGMOID")]
    public void EvaluatesKernels(string kernel) => OperatorCheck.Run(Model(kernel, oneClass: 0), relative: 1e-4, absolute: 1e-5);

    [Fact]
    public void ComputesRbfByHand()
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(3, 2), [1f, 0, 0, 1, 0, 0]);
        float[] y = ScheduleCheck.Evaluate(Model("RBF", oneClass: 0), x).Floats().ToArray();
        y[0].ShouldBe((float)(2 - System.Math.Exp(-0.5 * 2) + 0.25), 1e-5f);
    }

    [Fact]
    public void OneClassGivesSigns() => OperatorCheck.Run(Model("LINEAR", oneClass: 1));

    [Fact]
    public void RefusesUnknownKernels() => OperatorCheck.Fails(Model("LAPLACE", oneClass: 0)).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(string kernel, int oneClass) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", OnnxDataType.Float, 3, 2)
        .Node(
            "ai.onnx.ml",
            "SVMRegressor",
            ["x"],
            ["y"],
            ("coefficients", new[] { 2f, -1 }),
            ("support_vectors", new[] { 1f, 0, 0, 1 }),
            ("n_supports", 2),
            ("rho", new[] { 0.25f }),
            ("kernel_type", kernel),
            ("kernel_params", new[] { 0.5f, 0.1f, 2f }),
            ("one_class", oneClass))
        .Output("y");
}
