using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>CausalConvWithState: a depthwise convolution over time that sees the past only, with the last inputs as its state.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__CausalConvWithState.html.</remarks>
internal sealed class CausalConvWithState : ComposedOperator
{
    public CausalConvWithState()
        : base("CausalConvWithState")
    {
    }

    public override int Since => 27;

    public override (int Min, int Max) InputCount => (2, 4);

    public override (int Min, int Max) OutputCount => (1, 2);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input is 0 or 3 && axis != 1 && (input == 0 || axis == 0);

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value weight) = (node.Required(0), node.Required(1));
        compose.Check(x.Shape.Rank == 3 && weight.Shape.Rank == 3 && weight.Shape[0] == x.Shape[1] && weight.Shape[1] == 1 && weight.Shape[2] > 0, "the input must be [batch, channels, length] and the weight [channels, 1, taps]");
        (int channels, int taps) = (x.Shape[1], weight.Shape[2]);
        Value padded = node.Input(3) is { } past
            ? compose.Concat(2, past, x)
            : compose.Pad(x, new long[] { 0, 0, taps - 1 }, new long[] { 0, 0, 0 });
        compose.Check(padded.Shape[2] == x.Shape[2] + taps - 1, $"the state must have the length {taps - 1}");
        Value y = compose.Op("Conv", new[] { padded, weight, node.Input(2) }, ("group", (long)channels));
        compose.Return(0, node.Attributes.String("activation", "none") switch
        {
            "none" => y,
            "silu" or "swish" => compose.Mul(y, compose.Op("Sigmoid", y)),
            { } other => throw compose.Fail(DiagnosticCodes.GraphMalformed, $"the activation '{other}' is none of none, silu, swish"),
        });
        compose.Return(1, taps == 1 ? compose.Slice(padded, 2, 0, 0) : compose.Slice(padded, 2, 1 - taps, int.MaxValue));
    }
}
