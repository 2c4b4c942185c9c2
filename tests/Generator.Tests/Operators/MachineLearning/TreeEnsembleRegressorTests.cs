using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class TreeEnsembleRegressorTests
{
    [Theory]
    [InlineData("SUM")]
    [InlineData("AVERAGE")]
    [InlineData("MIN")]
    [InlineData("MAX")]
    public void JoinsTrees(string aggregate)
    {
        OperatorCheck.Run(Trees.Model("TreeEnsembleRegressor", "target", OnnxDataType.Float, ("n_targets", 2), ("aggregate_function", aggregate)));
        OperatorCheck.Run(Trees.Model("TreeEnsembleRegressor", "target", OnnxDataType.Double, ("n_targets", 2), ("aggregate_function", aggregate)));
    }

    [Fact]
    public void WalksByHand()
    {
        ModelBuilder model = Trees.Model("TreeEnsembleRegressor", "target", OnnxDataType.Float, ("n_targets", 2), ("base_values", new[] { 100f, 200 }));
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(5, 2), [0.5f, 0, 0.6f, 1, 0.6f, 2, float.NaN, 5, -1, 9]);
        ScheduleCheck.Evaluate(model, x).Floats().ToArray().ShouldBe([111f, 200, 100, 222, 130, 232, 110, 202, 111, 200]);
    }

    [Fact]
    public void RefusesAnEnsembleWithoutTrees() => OperatorCheck.Fails(new ModelBuilder().Import("ai.onnx.ml", 1).Input("x", OnnxDataType.Int64, 1)
        .Node("ai.onnx.ml", "TreeEnsembleRegressor", ["x"], ["y"]).Output("y")).Message.ShouldContain("has no trees");

    [Fact]
    public void RefusesCyclesAndMissingFeatures()
    {
        OperatorCheck.Fails(Trees.Model("TreeEnsembleRegressor", "target", OnnxDataType.Float, ("n_targets", 2), ("nodes_truenodeids", new long[] { 1, 0, 0, 0, 0, 1, 0, 0 }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
        OperatorCheck.Fails(Trees.Model("TreeEnsembleRegressor", "target", OnnxDataType.Float, ("n_targets", 2), ("nodes_featureids", new long[] { 7, 0, 1, 0, 0, 0, 0, 0 }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
        OperatorCheck.Fails(Trees.Model("TreeEnsembleRegressor", "target", OnnxDataType.Float, ("n_targets", 1))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
    }
}
