using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>SVMRegressor: Σ coefficient · kernel(x, support vector) + rho; or the sign of it for one-class machines.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_SVMRegressor.html · Types: features f32, f64, i64, i32; computed in f32 · Opsets: 1.
/// Without support vectors it is a linear model of its coefficients.
/// </remarks>
internal sealed class SVMRegressor : MlOperator
{
    public SVMRegressor()
        : base("SVMRegressor")
    {
    }

    public override void Infer(InferContext context)
    {
        float[] coefficients = RequireFloats(context, "coefficients");
        int rho = RequireFloats(context, "rho").Length;
        int supports = Supports(context.Node);
        float[] vectors = Vectors(context.Node);
        if (rho < 1 || supports < 0 || (supports > 0 && (coefficients.Length != supports || vectors.Length % supports != 0)))
        {
            throw context.Fail(
                DiagnosticCodes.GraphMalformed,
                $"n_supports is {supports}, with {coefficients.Length} coefficients, {vectors.Length} numbers of support vectors and {rho} of rho");
        }

        SvmKernel.Check(context);
        ScoreTransform.Check(context);
        CheckSamples(context, supports == 0 ? coefficients.Length : vectors.Length / supports);
        context.SetOutput(0, ElementType.Float32, new Shape(SamplesOf(context.Node).Rows, 1));
    }

    protected override void Compose(Node node, Composer compose)
    {
        int supports = Supports(node);
        float[] rho = { node.Attributes.Floats("rho")![0] };
        Value samples = Samples(compose, node);
        float[] coefficients = node.Attributes.Floats("coefficients")!;
        bool linear = supports > 0 && node.Attributes.String("kernel_type", "LINEAR") == "LINEAR";
        Value features = supports == 0 || linear ? samples : SvmKernel.Write(compose, node, samples, Vectors(node), supports);
        Value score = LinearScores.Write(compose, features, linear ? Weights(coefficients, Vectors(node)) : coefficients, 1, rho);
        compose.Return(node.Attributes.Flag("one_class", false) ? compose.Op("Where", compose.Op("Greater", score, compose.Scalar(0)), compose.Scalar(1), compose.Scalar(-1)) : score);
    }

    /// <summary>
    /// A linear machine's one weight per feature, Σ coefficient · support vector. Its terms nearly cancel in machines that were hardly regularised,
    /// so that they are summed in double precision, once, and not in f32 behind each sample's products.
    /// </summary>
    private static float[] Weights(float[] coefficients, float[] vectors)
    {
        int features = vectors.Length / coefficients.Length;
        var sums = new double[features];
        for (int i = 0; i < vectors.Length; i++)
        {
            sums[i % features] += (double)coefficients[i / features] * vectors[i];
        }

        return System.Array.ConvertAll(sums, static s => (float)s);
    }

    private static int Supports(Node node) => (int)node.Attributes.Int("n_supports", 0);

    private static float[] Vectors(Node node) => node.Attributes.Floats("support_vectors") ?? System.Array.Empty<float>();
}
