using AotCompiler.Diagnostics;

namespace AotCompiler.Operators.Microsoft;

/// <summary>The attributes of <see cref="Rfft"/> and <see cref="Irfft"/>.</summary>
internal static class FourierCheck
{
    /// <summary>Fails unless they ask for transforms of one dimension as ONNX Runtime computes them.</summary>
    public static void Attributes(Composer compose)
    {
        if (compose.Node.Attributes.Int("signal_ndim", 1) != 1 || compose.Node.Attributes.Int("onesided", 1) != 1 || compose.Node.Attributes.Int("normalized", 0) != 0)
        {
            throw compose.Fail(DiagnosticCodes.FeatureUnsupported, "only signal_ndim 1, onesided 1 and normalized 0 are supported", "Export the model with DFT nodes.");
        }
    }
}
