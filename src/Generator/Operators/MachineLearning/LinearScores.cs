using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>Products of samples with rows of coefficients.</summary>
internal static class LinearScores
{
    /// <summary>x·Wᵀ + b.</summary>
    /// <param name="f">Where the nodes go.</param>
    /// <param name="samples">x, f32 [rows, features].</param>
    /// <param name="coefficients">W, row-major [targets, features].</param>
    /// <param name="targets">Rows of W.</param>
    /// <param name="intercepts">b [targets], or null.</param>
    public static Value Write(Composer compose, Value samples, float[] coefficients, int targets, float[]? intercepts)
    {
        Value weights = compose.Floats(coefficients, new Shape(targets, samples.Shape[1]), "coefficients");
        Value?[] inputs = intercepts is null ? new[] { samples, weights } : new[] { samples, weights, compose.Floats(intercepts, role: "intercepts") };
        return compose.Op("Gemm", inputs, ("transB", 1L));
    }

    /// <summary>The same intercept for all targets.</summary>
    public static float[] Same(float intercept, int targets) => Enumerable.Repeat(intercept, targets).ToArray();
}
