using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class AttentionTests
{
    [Theory]
    [InlineData(4, 4, false)]
    [InlineData(6, 2, true)]
    public void Flat_inputs_have_heads_by_attribute(int heads, int keyHeads, bool causal) => OperatorCheck.Run(
        new ModelBuilder(24)
            .Input("q", OnnxDataType.Float, 2, 5, heads * 8).Input("k", OnnxDataType.Float, 2, 5, keyHeads * 8).Input("v", OnnxDataType.Float, 2, 5, keyHeads * 4)
            .Node("Attention", ["q", "k", "v"], ["y"], ("q_num_heads", heads), ("kv_num_heads", keyHeads), ("is_causal", causal ? 1 : 0)).Output("y"),
        relative: 1e-4, absolute: 1e-5);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Shows_its_scores_and_keeps_a_cache(int mode) => OperatorCheck.Run(
        new ModelBuilder(24)
            .Input("q", OnnxDataType.Float, 1, 2, 3, 8).Input("k", OnnxDataType.Float, 1, 2, 3, 8).Input("v", OnnxDataType.Float, 1, 2, 3, 8)
            .Input("m", OnnxDataType.Float, 3, 7).Input("pk", OnnxDataType.Float, 1, 2, 4, 8).Input("pv", OnnxDataType.Float, 1, 2, 4, 8)
            .Node("Attention", ["q", "k", "v", "m", "pk", "pv"], ["y", "nk", "nv", "s"], ("qk_matmul_output_mode", mode), ("softcap", 2f), ("is_causal", 1))
            .Output("y").Output("nk").Output("nv").Output("s"),
        relative: 1e-4, absolute: 1e-5);

    [Fact]
    public void A_query_that_may_attend_to_nothing_gives_zeros()
    {
        ModelBuilder model = new ModelBuilder(24)
            .Input("q", OnnxDataType.Float, 1, 1, 2, 4).Input("k", OnnxDataType.Float, 1, 1, 3, 4).Input("v", OnnxDataType.Float, 1, 1, 3, 4).Initializer("m", [2, 3], true, true, false, false, false, false)
            .Node("Attention", ["q", "k", "v", "m"], ["y"]).Output("y");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Fact]
    public void Heads_must_fit() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("q", OnnxDataType.Float, 1, 3, 2, 4).Input("k", OnnxDataType.Float, 1, 2, 3, 4).Input("v", OnnxDataType.Float, 1, 2, 3, 4).Node("Attention", ["q", "k", "v"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Theory]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Float16, (int)OnnxDataType.Float)]
    public void ValuesMayHaveAnotherType(int type, int values) => OperatorCheck.Run(
        new ModelBuilder(opset: 23)
            .Input("q", (OnnxDataType)type, 1, 2, 3, 4).Input("k", (OnnxDataType)type, 1, 2, 5, 4).Input("v", (OnnxDataType)values, 1, 2, 5, 6)
            .Node("Attention", ["q", "k", "v"], ["y"])
            .Output("y", (OnnxDataType)type),
        relative: 1e-2,
        absolute: 1e-2);
}
