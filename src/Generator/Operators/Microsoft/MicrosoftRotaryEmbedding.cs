using AotCompiler.Ir;
using AotCompiler.Operators.Composed;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// com.microsoft's RotaryEmbedding: turns pairs of elements by angles that grow with the position. Inputs: x [batch, length, heads · size] or [batch,
/// heads, length, size], positions [batch, length] or that of the first element, cosines and sines for each position.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.RotaryEmbedding · Types: f32, f16, bf16.</remarks>
internal sealed class MicrosoftRotaryEmbedding : MicrosoftOperator
{
    public MicrosoftRotaryEmbedding()
        : base("RotaryEmbedding", 4, 4)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input switch
    {
        0 => axis == 0 || axis == (node.Required(0).Shape.Rank == 3 ? 1 : 2),
        1 => node.Required(1).Shape.Rank == 2,
        _ => axis == 0,
    };

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        bool flat = x.Shape.Rank == 3;
        long half = node.Required(2).Shape.Rank == 2 ? node.Required(2).Shape[1] : 0;
        long rotated = node.Attributes.Int("rotary_embedding_dim", 0) is > 0 and { } given ? given : 2 * half;
        Value heads = x;
        if (flat)
        {
            long count = node.Attributes.Int("num_heads", 0) is > 0 and { } number ? number : half == 0 ? 0 : x.Shape[2] / (2 * half);
            compose.Check(count > 0 && x.Shape[2] % count == 0, $"num_heads is {count}, which does not divide the input");
            heads = compose.Split(x, 0, 0, count, x.Shape[2] / count);
        }

        compose.Check(heads.Shape.Rank == 4 && rotated > 0 && rotated <= heads.Shape[3] && half == rotated / 2, $"the caches do not fit rotary_embedding_dim {rotated} and the input");
        Value positions = Positions(compose, node.Required(1), x, flat ? 1 : 2);
        Value y = Rotation.Of(
            compose,
            heads,
            compose.Unsqueeze(compose.Gather(node.Required(2), positions, 0), flat ? 2 : 1),
            compose.Unsqueeze(compose.Gather(node.Required(3), positions, 0), flat ? 2 : 1),
            rotated,
            node.Attributes.Flag("interleaved", false));
        y = node.Attributes.Float("scale", 1) is not 1 and { } scale ? compose.Mul(y, compose.Scalar(scale, y.Type)) : y;
        compose.Return(flat ? compose.Split(y, 0, 0, x.Shape[2]) : y);
    }

    /// <summary>Positions as [batch or 1, length].</summary>
    private static Value Positions(Composer compose, Value positions, Value x, int axis) => positions.Shape.ElementCount == 1 && positions.Shape.Rank < 2
        ? compose.Unsqueeze(compose.Add(compose.Positions(x, axis), compose.Cast(compose.Reshape(positions), ElementType.Int64)), 0)
        : positions;
}
