using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// EmbedLayerNormalization: LayerNormalization of the sum of the embeddings of words, positions and segments. Inputs: words, segments, the
/// tables of words, positions and segments, scale, shift, a mask, positions. Outputs: the result, the lengths by the mask, the sum.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.EmbedLayerNormalization · Types: f32, f16.</remarks>
internal sealed class EmbedLayerNormalization : MicrosoftOperator
{
    public EmbedLayerNormalization()
        : base("EmbedLayerNormalization", 7, 9, 3)
    {
    }

    public override bool RequiresInput(int input) => input is not (1 or 4);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value words = node.Required(0);
        Value sum = Embedding.Sum(compose, words, node.Input(1), node.Required(2), node.Required(3), node.Input(4), node.Input(8));
        compose.Return(0, compose.Op(
            "LayerNormalization", new[] { sum, node.Required(5), node.Required(6) }, ("axis", -1L), ("epsilon", node.Attributes.Float("epsilon", 1e-12f))));
        if (compose.Wants(1))
        {
            compose.Return(1, Embedding.MaskIndex(compose, words, node.Input(7)));
        }

        compose.Return(2, sum);
    }
}
