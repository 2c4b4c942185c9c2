using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Pooling;

/// <summary>GlobalLpPool: (Σ |x|^p)^(1/p) of each channel's spatial dimensions, which stay as 1.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__GlobalLpPool.html · Types: f32, f64 · Opsets: 2 made p an integer.</remarks>
internal sealed class GlobalLpPool : GlobalPoolOperator
{
    public GlobalLpPool()
        : base("GlobalLpPool")
    {
    }

    public override void Infer(InferContext context)
    {
        LpNorm.Check(context);
        base.Infer(context);
    }

    protected override ReductionFunction Function(Node node) => ReductionFunction.Lp(LpNorm.Exponent(node));
}
