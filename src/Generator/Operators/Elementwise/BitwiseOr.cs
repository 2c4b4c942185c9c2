using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>BitwiseOr: the disjunction of each bit, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__BitwiseOr.html · Types: integers · Opsets: 18 introduced it.</remarks>
internal sealed class BitwiseOr : BinaryOperator
{
    public BitwiseOr()
        : base("BitwiseOr", new DelegateFunction("BitwiseOr", 2, "{0} | {1}")
        {
            Integer = static x => x[0] | x[1],
            Native = static (_, _, x) => $"{x[0]} | {x[1]}",
            NativeFor = DelegateFunction.IntegersOfAnyWidth,
            Other = static (type, x) => $"({type.CSharpName()})({x[0]} | {x[1]})",
        })
    {
    }

    public override int Since => 18;

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Integers;
}
