using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Normalization;

/// <summary>Hardmax: 1 at the first of the largest elements along an axis, 0 elsewhere. NaN is passed over.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Hardmax.html · Types: f32, f64 · Opsets: 11 allowed negative axes; 13 no longer flattens, default axis −1.</remarks>
internal sealed class Hardmax : SoftmaxOperator
{
    public Hardmax()
        : base("Hardmax")
    {
    }

    protected override double[] Evaluate(double[] slice)
    {
        int best = 0;
        double maximum = double.NegativeInfinity;
        for (int i = 0; i < slice.Length; i++)
        {
            if (slice[i] > maximum)
            {
                (best, maximum) = (i, slice[i]);
            }
        }

        var result = new double[slice.Length];
        result[best] = 1;
        return result;
    }

    protected override Step MakeStep(Node node, TensorView input, TensorView output, int[] axes) => new HardmaxStep(node, input, output, axes);
}
