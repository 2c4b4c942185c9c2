using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MoETests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public void Experts_compute_the_rows_that_choose_them(int k, int normalized) => OperatorCheck.Run(Model(7, k, ("normalize_routing_weights", normalized), ("activation_type", "silu")), relative: 1e-4);

    [Fact]
    public void One_row_chooses_few_experts() => OperatorCheck.Run(Model(1, 1), relative: 1e-4);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Gates_may_be_apart_or_in_the_same_product(int fusion)
    {
        int factor = fusion == 0 ? 1 : 2;
        ModelBuilder model = new ModelBuilder(21).Input("x", OnnxDataType.Float, 5, 6).Input("r", OnnxDataType.Float, 5, 3)
            .Initializer("w1", [3, 4 * factor, 6], Weights.Random(3 * 4 * factor * 6, 1)).Initializer("w2", [3, 6, 4], Weights.Random(72, 2));
        model = fusion == 0 ? model.Initializer("w3", [3, 4, 6], Weights.Random(72, 3)) : model;
        OperatorCheck.Run(
            model.Node("com.microsoft", "MoE", ["x", "r", "w1", "", "w2", "", fusion == 0 ? "w3" : ""], ["y"], ("k", 2), ("activation_type", "swiglu"), ("swiglu_fusion", fusion), ("swiglu_limit", 0.5f), ("activation_beta", 1f)).Output("y"),
            relative: 1e-4);
    }

    [Fact]
    public void Rows_may_be_known_only_at_run_time() => RunTimeSizesCheck.Run(
        Model("rows", 2), "rows=1..9", ["rows=1", "rows=4", "rows=9"], relative: 1e-4);

    [Fact]
    public void Weights_of_another_shape_are_refused() => OperatorCheck.Fails(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, 5, 6).Input("r", OnnxDataType.Float, 5, 3).Initializer("w1", [3, 4, 5], Weights.Random(60, 1)).Initializer("w2", [3, 6, 4], Weights.Random(72, 2))
            .Node("com.microsoft", "MoE", ["x", "r", "w1", "", "w2"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model(object rows, int k, params (string, object)[] attributes) => new ModelBuilder(21)
        .Input("x", OnnxDataType.Float, [rows, 6]).Input("r", OnnxDataType.Float, [rows, 3])
        .Initializer("w1", [3, 4, 6], Weights.Random(72, 1)).Initializer("b1", [3, 4], Weights.Random(12, 2))
        .Initializer("w2", [3, 6, 4], Weights.Random(72, 3)).Initializer("b2", [3, 6], Weights.Random(18, 4))
        .Node("com.microsoft", "MoE", ["x", "r", "w1", "b1", "w2", "b2"], ["y"], [("k", k), .. attributes]).Output("y");
}
