using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Xor: true where exactly one is true, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Xor.html · Types: bool · Opsets: 7 replaced the broadcast attribute.</remarks>
internal sealed class Xor : BinaryOperator
{
    public Xor()
        : base("Xor", new DelegateFunction("Xor", 2, "{0} ⊻ {1}")
        {
            Integer = static x => x[0] ^ x[1],
            Native = static (_, _, x) => $"{x[0]} ^ {x[1]}",
            NativeFor = DelegateFunction.AnyWidth,
            Other = static (_, x) => $"{x[0]} != {x[1]}",
        })
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Bool;

    protected override double? LeftNeutral => 0;

    protected override double? RightNeutral => 0;
}
