using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class FlexAttentionTests
{
    [Fact]
    public void Bodies_change_scores_and_probabilities() => OperatorCheck.Run(
        new ModelBuilder(26).Import("ai.onnx.preview", 1)
            .Input("q", OnnxDataType.Float, 1, 4, 3, 8).Input("k", OnnxDataType.Float, 1, 2, 5, 8).Input("v", OnnxDataType.Float, 1, 2, 5, 8)
            .Node("ai.onnx.preview", "FlexAttention", ["q", "k", "v"], ["y"],
                ("score_mod", new GraphBuilder().Input("s", OnnxDataType.Float).Node("Tanh", ["s"], ["r"]).Output("r")),
                ("prob_mod", new GraphBuilder().Input("p", OnnxDataType.Float).Node("Mul", ["p", "p"], ["r"]).Output("r")))
            .Output("y"),
        relative: 1e-4, absolute: 1e-5);
}
