using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class TreeEnsembleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void JoinsTreesOfBranchesAndSets(int aggregate)
    {
        OperatorCheck.Run(Model(aggregate), low: -1, high: 4);
        if (aggregate == 1)
        {
            Tensor x = Tensor.Create(ElementType.Float32, new Shape(3, 2), [0f, 9, 5, 2, 5, 3]);
            ScheduleCheck.Evaluate(Model(aggregate), x).Floats().ToArray().ShouldBe([1f, 0, 0, 2, 0, 4]);
        }
    }

    [Fact]
    public void RefusesLeavesThatDoNotExist() => OperatorCheck.Fails(Model(1, falseLeaf: 9)).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    /// <summary>x0 ≤ 1 → 1 for target 0; else x1 in {2, 7} → 2 for target 1, else 4 for target 1.</summary>
    private static ModelBuilder Model(int aggregate, long falseLeaf = 2) => new ModelBuilder()
        .Import("ai.onnx.ml", 5)
        .Input("x", OnnxDataType.Float, 3, 2)
        .Node(
            "ai.onnx.ml",
            "TreeEnsemble",
            ["x"],
            ["y"],
            ("n_targets", 2),
            ("aggregate_function", aggregate),
            ("tree_roots", new long[] { 0 }),
            ("nodes_modes", Protos.Tensor("modes", [2], (byte)0, (byte)6)),
            ("nodes_featureids", new long[] { 0, 1 }),
            ("nodes_splits", Protos.Tensor("splits", [2], 1f, float.NaN)),
            ("nodes_truenodeids", new long[] { 0, 1 }),
            ("nodes_trueleafs", new long[] { 1, 1 }),
            ("nodes_falsenodeids", new long[] { 1, falseLeaf }),
            ("nodes_falseleafs", new long[] { 0, 1 }),
            ("membership_values", Protos.Tensor("members", [3], 2f, 7f, float.NaN)),
            ("leaf_targetids", new long[] { 0, 1, 1 }),
            ("leaf_weights", Protos.Tensor("weights", [3], 1f, 2f, 4f)))
        .Output("y");
}
