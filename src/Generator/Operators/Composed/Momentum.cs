using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Momentum: steps along an accumulated gradient, optionally looking ahead (Nesterov).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxpreviewtraining_Momentum.html.</remarks>
internal sealed class Momentum : TrainingStep
{
    public Momentum()
        : base("Momentum", 3)
    {
    }

    protected override Value[] Update(Node node, Composer compose, Value rate, Value updates, Value[] tensors)
    {
        (Value x, Value g, Value v) = (tensors[0], tensors[1], tensors[2]);
        Value Number(double value) => compose.Scalar(value, x.Type);
        Value alpha = Number(node.Attributes.Float("alpha", 0));
        Value beta = compose.Where(compose.Op("Greater", updates, Number(0)), Number(node.Attributes.Float("beta", 0)), Number(1));
        Value velocity = compose.Add(compose.Mul(alpha, v), compose.Mul(beta, g));
        Value direction = node.Attributes.String("mode", "standard") switch
        {
            "standard" => velocity,
            "nesterov" => compose.Add(g, compose.Mul(alpha, velocity)),
            { } mode => throw compose.Fail(DiagnosticCodes.GraphMalformed, $"the mode '{mode}' is neither standard nor nesterov"),
        };
        return new[] { compose.Sub(x, compose.Mul(rate, direction)), velocity };
    }
}
