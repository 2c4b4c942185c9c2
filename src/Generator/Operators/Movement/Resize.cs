using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Resize: nearest, linear and cubic resampling along any axes. Axis by axis, with tables made at compile time.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Resize.html · Types: nearest all; linear and cubic all numbers · Opsets: 10 had X and scales;
/// 11 added roi, sizes, cubic and the coordinate modes; 13 made roi and scales optional and dropped tf_half_pixel_for_nn, which exporters
/// still write; 18 added antialias, axes and
/// keep_aspect_ratio_policy; 19 added half_pixel_symmetric.
/// </remarks>
internal sealed class Resize : ResizingOperator
{
    public Resize()
        : base("Resize")
    {
    }

    public override int Since => 10;

    public override void Upgrade(UpgradeContext context)
    {
        if (context.Opset == 10 && context.Node.OperatorInputCount == 2)
        {
            context.Node.SetInputs(context.Node.Input(0), null, context.Node.Input(1));
            context.Attributes.Set("coordinate_transformation_mode", "asymmetric").Set("nearest_mode", "simple");
        }

        if (context.Node.Input(2)?.Sizes?.Elements is { } && context.Node.Input(3) is null && !context.Attributes.Has("axes"))
        {
            // Whole factors of the run: the sizes that they lead to are products.
            context.ScalesToSizes();
        }
    }
}
