using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Upsample: the predecessor of Resize, with asymmetric coordinates.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Upsample.html · Types: nearest all; linear f32, f64 · Opsets: 1 had height_scale and
/// width_scale; 7 had scales as attribute, 9 as input; 10 replaced it by Resize.
/// </remarks>
internal sealed class Upsample : ResizingOperator
{
    public Upsample()
        : base("Upsample")
    {
    }

    public override void Upgrade(UpgradeContext context)
    {
        AttributeMap attributes = context.Attributes;
        if (attributes.Has("height_scale") || attributes.Has("width_scale"))
        {
            attributes.Set("scales", new[] { 1f, 1f, attributes.Float("height_scale", 1), attributes.Float("width_scale", 1) });
        }

        context.AttributeToInput("scales", 1);
        if (context.Node.OperatorInputCount != 2)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "it has no scales");
        }

        context.Node.SetInputs(context.Node.Input(0), null, context.Node.Input(1));
        attributes.Set("coordinate_transformation_mode", "asymmetric").Set("nearest_mode", "simple");
    }
}
