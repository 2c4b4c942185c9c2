using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// QEmbedLayerNormalization: <see cref="EmbedLayerNormalization"/> with tables of codes. Inputs: words, segments, the tables of words,
/// positions and segments, scale, shift, a mask, then the scales of the five parameters, then their zero points.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QEmbedLayerNormalization · Types: u8, i8 to f32.</remarks>
internal sealed class QEmbedLayerNormalization : MicrosoftOperator
{
    private const int FirstTable = 2;
    private const int FirstScale = 8;
    private const int FirstZeroPoint = 13;

    public QEmbedLayerNormalization()
        : base("QEmbedLayerNormalization", 11, 18, 2)
    {
    }

    public override bool RequiresInput(int input) => input is not (1 or 4 or 7 or 10);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value words = node.Required(0);
        Value sum = Embedding.Sum(
            compose, words, node.Input(1), Parameter(compose, 0)!, Parameter(compose, 1)!, node.Input(1) is null ? null : Parameter(compose, 2), null);
        compose.Return(0, compose.Op(
            "LayerNormalization", new[] { sum, Parameter(compose, 3), Parameter(compose, 4) }, ("axis", -1L), ("epsilon", node.Attributes.Float("epsilon", 1e-12f))));
        if (compose.Wants(1))
        {
            compose.Return(1, Embedding.MaskIndex(compose, words, node.Input(7)));
        }
    }

    /// <summary>A parameter as real numbers, of which the tables come first.</summary>
    private static Value? Parameter(Composer compose, int index)
    {
        Value? codes = compose.Node.Input(FirstTable + index);
        Value? scale = compose.Node.Input(FirstScale + index);
        compose.Check(codes is not null && scale is not null, $"inputs {FirstTable + index} and {FirstScale + index} must be there");
        return compose.Dequantize(codes!, scale!, compose.Node.Input(FirstZeroPoint + index));
    }
}
