using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Or: true where at least one is true, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Or.html · Types: bool · Opsets: 7 replaced the broadcast attribute.</remarks>
internal sealed class Or : BinaryOperator
{
    public Or()
        : base("Or", new DelegateFunction("Or", 2, "{0} ∨ {1}")
        {
            Integer = static x => x[0] | x[1],
            Native = static (_, _, x) => $"{x[0]} | {x[1]}",
            NativeFor = DelegateFunction.AnyWidth,
            Other = static (_, x) => $"{x[0]} || {x[1]}",
        })
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Bool;

    protected override double? LeftNeutral => 0;

    protected override double? RightNeutral => 0;
}
