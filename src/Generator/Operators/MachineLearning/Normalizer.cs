using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>Normalizer: each row divided by its largest element, by the sum of its absolute values, or by its length; rows whose divisor is 0 stay.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_Normalizer.html · Types: f32, f64, i64, i32 to f32 · Opsets: 1.</remarks>
internal sealed class Normalizer : MlOperator
{
    public Normalizer()
        : base("Normalizer")
    {
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, FeatureTypes);
        if (context.Shape(0).Rank is not (1 or 2))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"it must have 1 or 2 dimensions, it has {context.Shape(0).Rank}");
        }

        if (Norm(context.Node) is not ("MAX" or "L1" or "L2"))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"norm is '{Norm(context.Node)}'; defined are MAX, L1, L2");
        }

        context.SetOutput(0, ElementType.Float32, context.Shape(0));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = compose.Cast(node.Required(0), ElementType.Float32);
        string norm = Norm(node);
        if (norm != "MAX")
        {
            compose.Return(compose.Op("LpNormalization", new[] { x }, ("axis", -1L), ("p", norm == "L1" ? 1L : 2L)));
            return;
        }

        Value largest = compose.Op("ReduceMax", x, compose.Ints(-1));
        compose.Return(compose.Op("Div", x, compose.Op("Where", compose.Op("Equal", largest, compose.Scalar(0)), compose.Scalar(1), largest)));
    }

    private static string Norm(Node node) => node.Attributes.String("norm", "MAX");
}
