using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Pooling;

/// <summary>LpPool: (Σ |x|^p)^(1/p) of each window; padding is zero.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__LpPool.html · Types: f32, f64 · Opsets: 2 made p an integer and kernel_shape required; 18 added ceil_mode and dilations.</remarks>
internal sealed class LpPool : PoolOperator
{
    public LpPool()
        : base("LpPool")
    {
    }

    public override void Infer(InferContext context)
    {
        LpNorm.Check(context);
        base.Infer(context);
    }

    protected override ReductionFunction Function(Node node) => ReductionFunction.Lp(LpNorm.Exponent(node));
}

/// <summary>The attribute p of LpPool and GlobalLpPool: an integer, in opset 1 a float.</summary>
internal static class LpNorm
{
    public static float Exponent(Node node) => node.Attributes.Raw("p") is float p ? p : node.Attributes.Int("p", 2);

    /// <summary>Fails unless p is positive.</summary>
    public static void Check(InferContext context)
    {
        if (!(Exponent(context.Node) > 0) || float.IsInfinity(Exponent(context.Node)))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, $"p is {Exponent(context.Node):R}; supported: positive numbers");
        }
    }
}
