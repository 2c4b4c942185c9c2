using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class LinearAttentionTests
{
    [Theory]
    [InlineData("linear")]
    [InlineData("gated")]
    [InlineData("delta")]
    [InlineData("gated_delta")]
    public void Follows_its_rule(string rule)
    {
        bool gated = rule.StartsWith("gated", System.StringComparison.Ordinal);
        bool corrected = rule.EndsWith("delta", System.StringComparison.Ordinal);
        ModelBuilder model = new ModelBuilder(27)
            .Input("q", OnnxDataType.Float, 2, 5, 24).Input("k", OnnxDataType.Float, 2, 5, 12).Input("v", OnnxDataType.Float, 2, 5, 10).Input("s", OnnxDataType.Float, 2, 2, 6, 5);
        if (gated)
        {
            model.Input("d", OnnxDataType.Float, 2, 5, 12);
        }

        if (corrected)
        {
            model.Input("b", OnnxDataType.Float, 2, 5, 2);
        }

        string[] inputs = ["q", "k", "v", "s", gated ? "d" : "", corrected ? "b" : ""];
        OperatorCheck.Run(
            model.Node("LinearAttention", inputs, ["y", "n"], ("q_num_heads", 4), ("kv_num_heads", 2), ("update_rule", rule)).Output("y").Output("n"),
            relative: 1e-3, absolute: 1e-3, low: -0.5f, high: 0.5f);
    }
}
