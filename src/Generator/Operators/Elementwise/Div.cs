using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Div: y = a / b with multidirectional broadcasting; integers towards zero, 0 for a zero divisor.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Div.html · Types: f32, f64, integers · Opsets: 7 replaced the broadcast attribute; 14 added small integers.</remarks>
internal sealed class Div : BinaryOperator
{
    public Div()
        : base("Div", new DelegateFunction("Div", 2, "{0} / {1}")
        {
            Real = static x => x[0] / x[1],
            Integer = static x => ReferenceMath.Divide(x[0], x[1]),
            Unsigned = static x => x[1] == 0 ? 0 : x[0] / x[1],
            Float = static (_, x) => $"{x[0]} / {x[1]}",
            Other = static (type, x) => type == ElementType.Float64 ? $"{x[0]} / {x[1]}"
                : type.IsUnsigned() ? $"({x[1]} == 0 ? ({type.CSharpName()})0 : ({type.CSharpName()})({x[0]} / {x[1]}))"
                : $"({type.CSharpName()})ScalarMath.Divide({x[0]}, {x[1]})",
        })
    {
    }

    protected override double? RightNeutral => 1;
}
