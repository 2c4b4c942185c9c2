using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>GroupNorm: GroupNormalization, with SiLU behind it if <c>activation</c> is 1; channels come last with <c>channels_last</c>, which is the default.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupNorm · Types: f32, f16.</remarks>
internal sealed class GroupNorm : MicrosoftOperator
{
    public GroupNorm()
        : base("GroupNorm", 3, 3)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        bool last = node.Attributes.Flag("channels_last", true);
        Value x = last ? ChannelOrder.ToFirst(node.Required(0), compose) : node.Required(0);
        Value y = compose.Op(
            "GroupNormalization",
            new[] { x, compose.Cast(node.Required(1), x.Type), compose.Cast(node.Required(2), x.Type) },
            ("num_groups", node.Attributes.Int("groups", 0)),
            ("epsilon", node.Attributes.Float("epsilon", 1e-5f)));
        y = node.Attributes.Int("activation", 0) switch
        {
            0 => y,
            1 => compose.Op("Swish", y),
            { } other => throw compose.Fail(DiagnosticCodes.GraphMalformed, $"the activation {other} is neither 0 nor 1"),
        };
        compose.Return(last ? ChannelOrder.ToLast(y, compose) : y);
    }
}
