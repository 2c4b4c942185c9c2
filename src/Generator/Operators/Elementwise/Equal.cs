using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Equal: a = b, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Equal.html · Types: f32, f64, integers, bool · Opsets: 7 replaced the broadcast attribute; 11 added floats and all integers.</remarks>
internal sealed class Equal : ComparisonOperator
{
    public Equal()
        : base("Equal", "==", "Equals", "=", static (a, b) => a == b, static order => order == 0)
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.AllAndText;
}
