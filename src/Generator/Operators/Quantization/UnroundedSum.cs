using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>
/// UnroundedSum, of the compiler's own: what rounds to the code of a sum of two tensors of codes, zero point included, with ONNX
/// Runtime's order of operations, by which ties are rounded to the same side: b · right + (a · left + start), each with one rounding.
/// </summary>
/// <remarks>
/// Inputs a and b are codes less their zero points, which the attributes <c>a_zero</c> and <c>b_zero</c> put back. <c>left</c> and
/// <c>right</c> are the ratios of their scales to the result's; <c>start</c> is the result's zero point less what those of a and b add.
/// </remarks>
internal sealed class UnroundedSum : ElementwiseOperator
{
    public UnroundedSum()
        : base(nameof(UnroundedSum), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    protected override IReadOnlyList<ElementType> AllowedTypes { get; } = new[] { ElementType.Float32 };

    /// <summary>The attributes for scales and zero points.</summary>
    public static (string, object)[] Attributes((float Scale, float Zero) a, (float Scale, float Zero) b, (float Scale, float Zero) result)
    {
        float left = a.Scale / result.Scale;
        float right = b.Scale / result.Scale;
        float offset = (float)((float)(left * a.Zero) + (float)(right * b.Zero));
        return new (string, object)[] { ("left", left), ("right", right), ("start", result.Zero - offset), ("a_zero", a.Zero), ("b_zero", b.Zero) };
    }

    public override ElementFunction Function(Node node)
    {
        float left = node.Attributes.Float("left", 1);
        float right = node.Attributes.Float("right", 1);
        float start = node.Attributes.Float("start", 0);
        float a = node.Attributes.Float("a_zero", 0);
        float b = node.Attributes.Float("b_zero", 0);
        return new DelegateFunction($"UnroundedSum({left:R},{right:R},{start:R},{a:R},{b:R})", 2, $"({{1}} + {b:R}) * {right:R} + ({{0}} + {a:R}) * {left:R} + {start:R}")
        {
            Real = x => (float)(((x[1] + b) * right) + (float)(((x[0] + a) * left) + start)),
            Float = (simd, x) =>
            {
                string Code(string centred, float zero) => zero == 0 ? centred : $"({centred} + {simd.Constant(zero)})";
                return simd.MultiplyAdd(Code(x[1], b), simd.Constant(right), simd.MultiplyAdd(Code(x[0], a), simd.Constant(left), simd.Constant(start)));
            },
            Cheap = true,
        };
    }
}
