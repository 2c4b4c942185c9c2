using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Pooling;

/// <summary>AveragePool: the mean of each window; padding counts only with count_include_pad, and never beyond the declared pads.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__AveragePool.html · Types: f32, f64 · Opsets: 7 added count_include_pad; 10 ceil_mode; 19 dilations.</remarks>
internal sealed class AveragePool : PoolOperator
{
    public AveragePool()
        : base("AveragePool")
    {
    }

    protected override bool IsSeparable(Node node) => node.Attributes.Int(PoolStep.InOrder, 0) == 0;

    protected override ReductionFunction Function(Node node) => ReductionFunction.Mean;

    /// <summary>Single numbers are widened as they are read; vectors by a step before, which costs less than that, but memory.</summary>
    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => !layouts.HasVectors && layouts.IsBlocked(node.Output) ? ByteUse.Accepts : ByteUse.None;

    /// <summary>The mean divided by the share of cells that are not padding: the mean of a padded image of ones.</summary>
    protected override Value Corrected(Node node, Value pooled, GraphRewriter rewriter)
    {
        if (CountsPadding(node))
        {
            return pooled;
        }

        Tensor Number(double value) => ElementEvaluation.Scalar(node.Output.Type, value);
        SpatialWindow window = WindowOf(node);
        string name = $"{node.Name}.share";
        var plane = new Shape(new Extent[] { 1, 1 }.Concat(node.Required(0).Shape.Extents.Skip(2)));
        Value ones = rewriter.Insert("Expand", name, new[] { rewriter.Constant(Number(1), $"{name}.one"), rewriter.ShapeValue(plane, $"{name}.shape") });
        Value share = SamePadding.Unpadded(node, new[] { SamePadding.Pad(node, window, ones, Number(0), rewriter) }, rewriter);
        share.Shape = new Shape(new Extent[] { 1, 1 }.Concat(node.Output.Shape.Extents.Skip(2)));
        pooled.Shape = node.Output.Shape;

        // A dilated window may lie in the padding as a whole: its sum is zero, and must not be divided by zero.
        Value least = rewriter.Constant(Number(1.0 / window.Taps), $"{name}.least");
        return rewriter.Insert("Div", node.Name, new[] { pooled, rewriter.Insert("Max", name, new[] { share, least }) });
    }

    protected override bool CountsPadding(Node node) => node.Attributes.Flag("count_include_pad", false);
}
