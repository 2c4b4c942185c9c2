using AotCompiler.Ir;
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

    protected override ReductionFunction Function(Node node) => ReductionFunction.Mean;

    /// <summary>Single numbers are widened as they are read; vectors by a step before, which costs less than that, but memory.</summary>
    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => !layouts.HasVectors && layouts.IsBlocked(node.Output) ? ByteUse.Accepts : ByteUse.None;

    protected override bool CountsPadding(Node node) => node.Attributes.Flag("count_include_pad", false);
}
