using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>Imputer: elements that are missing, marked by a number or NaN, become the value of their feature.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_Imputer.html · Types: f32, f64, i64, i32 · Opsets: 1.</remarks>
internal sealed class Imputer : MlOperator
{
    public Imputer()
        : base("Imputer")
    {
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, FeatureTypes);
        int features = context.Shape(0).Rank == 0 ? 1 : context.Shape(0)[context.Shape(0).Rank - 1];
        int length = Replacements(context.Node).Shape[0];
        if (length != 1 && length != features)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"it has {length} imputed values, which is neither 1 nor the number of features {features}");
        }

        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        Value replacement = compose.Cast(compose.Constant(Replacements(node), "imputed"), x.Type);
        compose.Return(compose.Op("Where", Missing(node, compose, x), replacement, x));
    }

    private static Value Missing(Node node, Composer compose, Value x)
    {
        if (x.Type.IsInteger())
        {
            return compose.Op("Equal", x, compose.Cast(compose.Ints(node.Attributes.Int("replaced_value_int64", 0)), x.Type));
        }

        float marker = node.Attributes.Float("replaced_value_float", 0);
        return float.IsNaN(marker) ? compose.Op("IsNaN", x) : compose.Op("Equal", x, compose.Cast(compose.Floats(new[] { marker }), x.Type));
    }

    private static Tensor Replacements(Node node) => node.Required(0).Type.IsInteger()
        ? Tensor.Vector(node.Attributes.Ints("imputed_value_int64s") ?? new long[1])
        : Tensor.Create(ElementType.Float32, new Shape(Floats(node).Length), Floats(node));

    private static float[] Floats(Node node) => node.Attributes.Floats("imputed_value_floats") ?? new float[1];
}
