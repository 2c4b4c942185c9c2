using AotCompiler.Ir;
using AotCompiler.Operators.Composed;

namespace AotCompiler.Operators.Microsoft;

/// <summary>Irfft: the inverse of <see cref="Rfft"/>, [..., n / 2 + 1, 2] to [..., n] with an even n.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Irfft · Types: f32, f64.</remarks>
internal sealed class Irfft : MicrosoftOperator
{
    public Irfft()
        : base("Irfft", 1, 1)
    {
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        FourierCheck.Attributes(compose);
        int rank = x.Shape.Rank;
        compose.Check(rank > 1 && x.Shape[rank - 1] == 2 && x.Shape[rank - 2] > 1, "the input must be [..., n / 2 + 1, 2]");
        Value y = FourierMatrix.Transform(compose, x, 2L * (x.Shape[rank - 2] - 1), inverse: true, onesided: true);
        compose.Return(compose.Squeeze(y, rank - 1));
    }
}
