using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Not: the logical negation.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Not.html · Types: bool · Opsets: 1.</remarks>
internal sealed class Not : UnaryFunctionOperator
{
    public Not()
        : base("Not", new DelegateFunction("Not", 1, "¬{0}")
        {
            Integer = static x => 1 - x[0],
            Native = static (_, _, x) => $"~{x[0]}",
            NativeFor = DelegateFunction.AnyWidth,
            Other = static (_, x) => $"!{x[0]}",
        })
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Bool;
}
