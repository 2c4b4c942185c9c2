using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>
/// UnroundedProduct, of the compiler's own: what rounds to the code of a product of two tensors of codes, zero point included, as ONNX
/// Runtime's kernel computes it: a · b · ratio + zero.
/// </summary>
/// <remarks>
/// Inputs a and b are codes less their zero points. The attribute <c>ratio</c> is the product of their scales by that of the result,
/// <c>zero</c> the result's zero point.
/// </remarks>
internal sealed class UnroundedProduct : ElementwiseOperator
{
    public UnroundedProduct()
        : base(nameof(UnroundedProduct), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    protected override IReadOnlyList<ElementType> AllowedTypes { get; } = new[] { ElementType.Float32 };

    /// <summary>The attributes for scales and zero points.</summary>
    public static (string, object)[] Attributes((float Scale, float Zero) a, (float Scale, float Zero) b, (float Scale, float Zero) result) =>
        new (string, object)[] { ("ratio", (float)((float)(a.Scale * b.Scale) / result.Scale)), ("zero", result.Zero) };

    public override ElementFunction Function(Node node)
    {
        float ratio = node.Attributes.Float("ratio", 1);
        float zero = node.Attributes.Float("zero", 0);
        return new DelegateFunction($"UnroundedProduct({ratio:R},{zero:R})", 2, $"{{0}} * {{1}} * {ratio:R} + {zero:R}")
        {
            Real = x => (float)((float)(x[0] * x[1] * ratio) + zero),
            Float = (simd, x) => $"({x[0]} * {x[1]} * {simd.Constant(ratio)}) + {simd.Constant(zero)}",
            Cheap = true,
        };
    }
}
