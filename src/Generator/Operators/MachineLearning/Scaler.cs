using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>Scaler: (x − offset) · scale for each feature.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_Scaler.html · Types: f32, f64, i64, i32 to f32 · Opsets: 1.</remarks>
internal sealed class Scaler : MlOperator
{
    public Scaler()
        : base("Scaler")
    {
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, FeatureTypes);
        Shape shape = context.Shape(0);
        foreach (string name in new[] { "offset", "scale" })
        {
            int length = context.Attributes.Floats(name)?.Length ?? 0;
            if (length > 1 && (shape.Rank == 0 || length != shape[shape.Rank - 1]))
            {
                throw context.Fail(DiagnosticCodes.GraphMalformed, $"{name} has {length} numbers, which is neither 1 nor the number of features");
            }
        }

        context.SetOutput(0, ElementType.Float32, shape);
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = compose.Cast(node.Required(0), ElementType.Float32);
        Value centred = Parameter(node, "offset", 0) is { } offset ? compose.Op("Sub", x, compose.Floats(offset, role: "offset")) : x;
        compose.Return(Parameter(node, "scale", 1) is { } scale ? compose.Op("Mul", centred, compose.Floats(scale, role: "scale")) : compose.Op("Identity", centred));
    }

    /// <summary>The numbers of an attribute, or null if they change nothing.</summary>
    private static float[]? Parameter(Node node, string name, float neutral) =>
        node.Attributes.Floats(name) is { Length: > 0 } given && given.Any(v => v != neutral) ? given : null;
}
