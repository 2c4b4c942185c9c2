using AotCompiler.Ir;
using AotCompiler.Operators.Composed;

namespace AotCompiler.Operators.Microsoft;

/// <summary>Rfft: the Fourier transform of real numbers along the last dimension, [..., n] to [..., n / 2 + 1, 2].</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Rfft · Types: f32, f64.</remarks>
internal sealed class Rfft : MicrosoftOperator
{
    public Rfft()
        : base("Rfft", 1, 1)
    {
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        FourierCheck.Attributes(compose);
        int rank = x.Shape.Rank;
        compose.Check(rank > 0, "the input must have a dimension");
        compose.Return(FourierMatrix.Transform(compose, compose.Unsqueeze(x, rank), x.Shape[rank - 1], inverse: false, onesided: true));
    }
}
