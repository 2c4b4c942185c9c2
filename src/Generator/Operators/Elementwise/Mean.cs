using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Mean: the arithmetic mean of the inputs, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Mean.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 8 added broadcasting.</remarks>
internal sealed class Mean : VariadicOperator
{
    public Mean()
        : base("Mean")
    {
    }

    protected override ElementFunction Function(int arity) => new DelegateFunction($"Mean{arity}", arity, $"({string.Join(" + ", Placeholders(arity))}) / {arity}")
    {
        Real = static x =>
        {
            double sum = 0;
            foreach (double term in x)
            {
                sum += term;
            }

            return sum / x.Length;
        },
        Float = (simd, x) => $"({string.Join(" + ", x)}) / {simd.Constant(arity)}",
        Double = x => $"({string.Join(" + ", x)}) / {Literal.Of((double)arity)}",
    };
}
