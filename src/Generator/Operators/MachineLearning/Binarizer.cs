using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>Binarizer: 1 where x is above the threshold, 0 elsewhere.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_Binarizer.html · Types: f32, f64, i64, i32 · Opsets: 1.</remarks>
internal sealed class Binarizer : MlOperator
{
    public Binarizer()
        : base("Binarizer")
    {
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, FeatureTypes);
        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        ElementType compared = x.Type == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32;
        Value threshold = compose.Cast(compose.Scalar(node.Attributes.Float("threshold", 0)), compared);
        compose.Return(compose.Cast(compose.Op("Greater", compose.Cast(x, compared), threshold), x.Type));
    }
}
