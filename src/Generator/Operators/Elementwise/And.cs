using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>And: true where both are true, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__And.html · Types: bool · Opsets: 7 replaced the broadcast attribute.</remarks>
internal sealed class And : BinaryOperator
{
    public And()
        : base("And", new DelegateFunction("And", 2, "{0} ∧ {1}")
        {
            Integer = static x => x[0] & x[1],
            Native = static (_, _, x) => $"{x[0]} & {x[1]}",
            NativeFor = DelegateFunction.AnyWidth,
            Other = static (_, x) => $"{x[0]} && {x[1]}",
        })
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Bool;

    protected override double? LeftNeutral => 1;

    protected override double? RightNeutral => 1;
}
