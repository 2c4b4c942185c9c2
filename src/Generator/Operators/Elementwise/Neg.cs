using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Neg: y = -x; integers wrap.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Neg.html · Types: f32, f64, signed integers · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Neg : UnaryFunctionOperator
{
    public Neg()
        : base("Neg", new DelegateFunction("Neg", 1, "-{0}")
        {
            Real = static x => -x[0],
            Integer = static x => unchecked(-x[0]),
            Float = static (_, x) => $"-{x[0]}",
            Doubles = static (_, x) => $"-{x[0]}",
            Native = static (_, _, x) => $"-{x[0]}",
            Other = static (type, x) => $"({type.CSharpName()})(-{x[0]})",
            Cheap = true,
        })
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.SignedNumbers;
}
