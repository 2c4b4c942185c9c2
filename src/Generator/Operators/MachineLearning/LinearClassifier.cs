using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>LinearClassifier: x·coefficientsᵀ + intercepts for each class; the label of the largest, and all scores.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_LinearClassifier.html · Types: features f32, f64, i64, i32; computed in f32;
/// labels i64 or string · Opsets: 1. One row of coefficients with two labels is a binary classifier, whose score decides at zero.
/// </remarks>
internal sealed class LinearClassifier : MlOperator
{
    public LinearClassifier()
        : base("LinearClassifier")
    {
    }

    public override (int Min, int Max) OutputCount => (1, 2);

    public override void Infer(InferContext context)
    {
        float[] coefficients = RequireFloats(context, "coefficients");
        ClassLabels labels = ClassLabels.Require(context, "classlabels_ints");
        int classes = Classes(context.Node, labels);
        if (coefficients.Length % classes != 0)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"{coefficients.Length} coefficients are not a whole number for each of {classes} classes");
        }

        CheckSamples(context, coefficients.Length / classes);
        ScoreTransform.Check(context);
        if (classes > 1 && labels.Count < classes)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"it has {classes} classes but {labels.Count} labels");
        }

        int rows = SamplesOf(context.Node).Rows;
        context.SetOutput(0, labels.Tensor.Type, new Shape(rows));
        context.SetOutput(1, ElementType.Float32, new Shape(rows, IsComplemented(classes, labels) ? 2 : classes));
    }

    protected override void Compose(Node node, Composer compose)
    {
        string transform = ScoreTransform.Of(node);
        ClassLabels labels = ClassLabels.TryOf(node, "classlabels_ints")!;
        int classes = Classes(node, labels);
        Value scores = LinearScores.Write(compose, Samples(compose, node), node.Attributes.Floats("coefficients")!, classes, Intercepts(node));
        if (classes > 1)
        {
            compose.Return(labels.OfLargest(compose, scores), ScoreTransform.Apply(compose, scores, transform));
            return;
        }

        Value label = labels.Binary().OfCondition(compose, compose.Op("Greater", scores, compose.Scalar(0)));
        compose.Return(
            label,
            IsComplemented(1, labels) ? ScoreTransform.Complement(compose, scores, transform, isProbability: true) : ScoreTransform.Apply(compose, scores, transform));
    }

    private static bool IsComplemented(int classes, ClassLabels labels) => classes == 1 && labels.Count == 2;

    /// <summary>One class for each intercept; without intercepts, one for each label.</summary>
    private static int Classes(Node node, ClassLabels labels) => Intercepts(node)?.Length ?? labels.Count;

    private static float[]? Intercepts(Node node) => node.Attributes.Floats("intercepts") is { Length: > 0 } given ? given : null;
}
