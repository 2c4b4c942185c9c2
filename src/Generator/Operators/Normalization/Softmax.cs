using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Normalization;

/// <summary>Softmax: exp(x) / Σ exp(x) along an axis, computed relative to the largest element. A slice of −∞ only, or with NaN or +∞, becomes NaN.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Softmax.html · Types: f32, f64 · Opsets: 11 allowed negative axes; 13 no longer flattens, default axis −1.</remarks>
internal sealed class Softmax : SoftmaxOperator
{
    public Softmax()
        : base("Softmax")
    {
    }

    protected override double[] Evaluate(double[] slice)
    {
        double maximum = slice.Aggregate(Math.Max);
        double[] exponentials = slice.Select(x => Math.Exp(x - maximum)).ToArray();
        double sum = exponentials.Sum();
        return exponentials.Select(e => e / sum).ToArray();
    }

    protected override Step MakeStep(Node node, TensorView input, TensorView output, int[] axes) => new SoftmaxStep(node, input, output, axes, log: false);
}
