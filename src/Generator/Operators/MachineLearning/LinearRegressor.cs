using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>LinearRegressor: x·coefficientsᵀ + intercepts for each target, then a score transform.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_LinearRegressor.html · Types: features f32, f64, i64, i32; computed in f32 · Opsets: 1.</remarks>
internal sealed class LinearRegressor : MlOperator
{
    public LinearRegressor()
        : base("LinearRegressor")
    {
    }

    public override void Infer(InferContext context)
    {
        float[] coefficients = RequireFloats(context, "coefficients");
        long targets = context.Attributes.Int("targets", 1);
        if (targets < 1 || coefficients.Length % targets != 0)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"{coefficients.Length} coefficients are not a whole number for each of {targets} targets");
        }

        CheckSamples(context, (int)(coefficients.Length / targets));
        ScoreTransform.Check(context);
        context.SetOutput(0, ElementType.Float32, context.MakeShape(new[] { SamplesOf(context.Node).Rows, targets }));
    }

    protected override void Compose(Node node, Composer compose)
    {
        int targets = node.Output.Shape[1];
        float[] intercepts = node.Attributes.Floats("intercepts") ?? System.Array.Empty<float>();
        Value scores = LinearScores.Write(compose, Samples(compose, node), node.Attributes.Floats("coefficients")!, targets, intercepts.Length == targets ? intercepts : null);
        compose.Return(ScoreTransform.Apply(compose, scores, ScoreTransform.Of(node)));
    }
}
