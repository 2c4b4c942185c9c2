using System;
using System.Linq;
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
            Doubles = static (_, x) => $"{x[0]} / {x[1]}",
            Other = static (type, x) => type == ElementType.Float64 ? $"{x[0]} / {x[1]}"
                : type.IsUnsigned() ? $"({x[1]} == 0 ? ({type.CSharpName()})0 : ({type.CSharpName()})({x[0]} / {x[1]}))"
                : $"({type.CSharpName()})ScalarMath.Divide({x[0]}, {x[1]})",
        })
    {
    }

    protected override double? RightNeutral => 1;

    /// <summary>A quotient by constant powers of two is a product, which is cheap and gives the same bits; others would round differently.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (base.Simplify(node, rewriter))
        {
            return true;
        }

        Value divisor = node.Required(1);
        if (divisor is not { Type: ElementType.Float32, Constant: { IsCheap: true } constant } || constant.Shape.ElementCount == 0 || !constant.Floats().ToArray().All(IsPowerOfTwo))
        {
            return false;
        }

        Tensor inverse = Tensor.Create(ElementType.Float32, constant.Shape, constant.Floats().ToArray().Select(static f => 1 / f).ToArray(), $"1/{constant.Recipe}");
        rewriter.ReplaceNode(node, rewriter.Insert("Mul", node.Name, new[] { node.Required(0), rewriter.Constant(inverse, $"{divisor.Name}.inverse") }));
        return true;
    }

    /// <summary>True for ±2ⁿ whose inverse is a normal number too.</summary>
    private static bool IsPowerOfTwo(float value)
    {
        double magnitude = Math.Abs((double)value);
        return magnitude is >= 1.1754943508222875e-38 and <= 8.5070591730234616e37
            && (BitConverter.DoubleToInt64Bits(magnitude) & 0xFFFFFFFFFFFFF) == 0;
    }
}
