using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Normalization;

/// <summary>LogSoftmax: x − ln Σ exp(x) along an axis, computed relative to the largest element. A slice of −∞ only, or with NaN or +∞, becomes NaN.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__LogSoftmax.html · Types: f32, f64 · Opsets: 11 allowed negative axes; 13 no longer flattens, default axis −1.</remarks>
internal sealed class LogSoftmax : SoftmaxOperator
{
    public LogSoftmax()
        : base("LogSoftmax")
    {
    }

    protected override double[] Evaluate(double[] slice)
    {
        double maximum = slice.Aggregate(Math.Max);
        double logarithm = Math.Log(slice.Sum(x => Math.Exp(x - maximum)));
        return slice.Select(x => x - maximum - logarithm).ToArray();
    }

    protected override Step MakeStep(Node node, TensorView input, TensorView output, int[] axes) => new SoftmaxStep(node, input, output, axes, log: true);
}
