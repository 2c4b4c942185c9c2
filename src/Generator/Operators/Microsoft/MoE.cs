using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>MoE: a mixture of experts with real weights. Inputs: x, the router's logits [rows, E], then weights [E, outputs, inputs] and bias of each layer.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MoE · Types: f32, f16, bf16. See <see cref="ExpertMixture"/>.</remarks>
internal sealed class MoE : ExpertMixture
{
    private static readonly int[] _weights = { 2, 4, 6 };

    public MoE()
        : base("MoE", 5, 8)
    {
    }

    protected override IReadOnlyList<int> Weights => _weights;

    protected override float Threshold => 0;

    public override bool RequiresInput(int input) => input is < 3 or 4;

    protected override void CheckLayers(InferContext context)
    {
        long experts = context.Shape(1)[1];
        long inner = context.Shape(_weights[1])[2];
        for (int layer = 0; layer < _weights.Length; layer++)
        {
            (long rows, long columns) = LayerSize(context, layer, inner);
            RequireShape(context, _weights[layer], $"fc{layer + 1}_experts_weights", experts, rows, columns);
            RequireShape(context, _weights[layer] + 1, $"fc{layer + 1}_experts_bias", experts, rows);
        }

        for (int i = 2; i < 8; i++)
        {
            if (context.Has(i))
            {
                context.RequireSameType(0, i);
            }
        }
    }

    protected override (Value Experts, Value Weights) Route(Node node, Value logits, Composer compose)
    {
        (Value values, Value positions) = Highest(compose.Op("Softmax", new[] { logits }, ("axis", 1L)), compose);
        return (positions, node.Attributes.Flag("normalize_routing_weights", false) ? Normalized(values, compose) : values);
    }

    protected override Value? Layer(Composer compose, int layer, int expert, Value rows)
    {
        Value Real(Value value) => compose.Cast(Part(compose, value, expert), ElementType.Float32);
        if (compose.Node.Input(_weights[layer]) is not { } weights)
        {
            return null;
        }

        Value product = compose.MatMul(rows, compose.Transpose(Real(weights), 1, 0));
        return compose.Node.Input(_weights[layer] + 1) is { } bias ? compose.Add(product, Real(bias)) : product;
    }
}
