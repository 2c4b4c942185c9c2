using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>BitwiseNot: the complement of each bit.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__BitwiseNot.html · Types: integers · Opsets: 18 introduced it.</remarks>
internal sealed class BitwiseNot : UnaryFunctionOperator
{
    public BitwiseNot()
        : base("BitwiseNot", new DelegateFunction("BitwiseNot", 1, "~{0}")
        {
            Integer = static x => ~x[0],
            Native = static (_, _, x) => $"~{x[0]}",
            Other = static (type, x) => $"({type.CSharpName()})(~{x[0]})",
        })
    {
    }

    public override int Since => 18;

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Integers;
}
