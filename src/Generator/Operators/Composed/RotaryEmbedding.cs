using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>RotaryEmbedding: rotates pairs of elements by angles that grow with the position.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html. Pairs are the two halves of a head, or neighbours if interleaved.</remarks>
internal sealed class RotaryEmbedding : ComposedOperator
{
    public RotaryEmbedding()
        : base("RotaryEmbedding")
    {
    }

    public override int Since => 23;

    public override (int Min, int Max) InputCount => (3, 4);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input switch
    {
        0 => axis == 0 || axis == (node.Required(0).Shape.Rank == 3 ? 1 : 2),
        3 => true,
        _ => axis < node.Required(input).Shape.Rank - 1,
    };

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        Shape original = x.Shape;
        bool flat = original.Rank == 3;
        if (flat)
        {
            long heads = node.Attributes.Int("num_heads", 0);
            compose.Check(heads > 0 && original[2] % heads == 0, $"num_heads is {heads}, which does not divide the input");
            x = compose.Split(x, 0, 0, heads, original[2] / heads);
        }

        compose.Check(x.Shape.Rank == 4, "the input must have 3 or 4 dimensions");
        int size = x.Shape[3];
        long given = node.Attributes.Int("rotary_embedding_dim", 0);
        compose.Check(given >= 0 && given <= size && given % 2 == 0, $"rotary_embedding_dim is {given}");
        long rotated = given == 0 ? size : given;

        // [batch, length, 1, half] or [batch, 1, length, half]: one angle for all heads.
        Value cos = Cache(node, compose, 1, flat ? 2 : 1, rotated / 2);
        Value sin = Cache(node, compose, 2, flat ? 2 : 1, rotated / 2);
        Value y = Rotation.Of(compose, x, cos, sin, rotated, node.Attributes.Flag("interleaved", false));
        compose.Return(0, flat ? compose.Split(y, 0, 0, original[2]) : y);
    }

    private static Value Cache(Node node, Composer compose, int index, int headAxis, long half)
    {
        Value cache = node.Required(index);
        if (node.Input(3) is { } positions)
        {
            compose.Check(cache.Shape.Rank == 2, $"input {index} must have 2 dimensions where positions are given");
            cache = compose.Gather(cache, positions, 0);
        }

        compose.Check(cache.Shape.Rank == 3 && cache.Shape[2] == half, $"input {index} must have {half} angles for each position");
        return compose.Unsqueeze(cache, headAxis);
    }
}
