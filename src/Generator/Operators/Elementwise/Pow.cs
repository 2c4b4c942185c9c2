using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>
/// Pow: z = xʸ with multidirectional broadcasting; the result has the type of x. A single constant exponent becomes part of
/// the function: 2, 3, -1 and ½ cost a few instructions (x^½ is √x, so -0 stays -0 and -∞ gives NaN).
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Pow.html · Types: f32, f64, i32, i64 and others, exponent of any of them · Opsets:
/// 7 replaced the broadcast attribute; 12 allowed types to differ; 15 added bfloat16.
/// </remarks>
internal sealed class Pow : BinaryOperator
{
    private static readonly Dictionary<double, DelegateFunction> _cheap = new()
    {
        [2] = Special("Square", "{0}²", static x => x * x, static (_, x) => $"{x} * {x}", cheap: true),
        [3] = Special("Cube", "{0}³", static x => x * x * x, static (_, x) => $"{x} * {x} * {x}", cheap: true),
        [-1] = Special("Reciprocal", "1 / {0}", static x => 1 / x, static (simd, x) => $"{simd.Constant(1)} / {x}"),
        [0.5] = Special("Sqrt", "√{0}", Math.Sqrt, static (simd, x) => simd.Math("Sqrt", x)),
        [-0.5] = Special("ReciprocalSqrt", "1 / √{0}", static x => 1 / Math.Sqrt(x), static (simd, x) => $"{simd.Constant(1)} / {simd.Math("Sqrt", x)}"),
    };

    public Pow()
        : base("Pow", General(ElementType.Float32, ElementType.Float32))
    {
    }

    protected override double? RightNeutral => 1;

    public override ElementFunction Function(Node node)
    {
        if (ConstantExponent(node) is { } exponent)
        {
            return _cheap.TryGetValue(exponent, out DelegateFunction? cheap) ? cheap : Constant((float)exponent);
        }

        return General(node.Required(0).Type, node.Required(1).Type);
    }

    protected override IEnumerable<int> OperandIndexes(Node node) => ConstantExponent(node) is null ? new[] { 0, 1 } : new[] { 0 };

    protected override void CheckInputs(InferContext context) => context.RequireType(1, TypeSets.Numbers);

    /// <summary>The exponent of an f32 power that is one constant number and does not enlarge the result.</summary>
    private static double? ConstantExponent(Node node)
    {
        Value exponent = node.Required(1);
        return node.Required(0).Type == ElementType.Float32
            && exponent.Shape.ElementCount == 1
            && exponent.Shape.Rank <= node.Required(0).Shape.Rank
            ? ElementEvaluation.Uniform(exponent.Constant)
            : null;
    }

    private static DelegateFunction General(ElementType type, ElementType exponent) => new("Pow", 2, "{0} ^ {1}")
    {
        Real = static x => Math.Pow(x[0], x[1]),
        Integer = static x => ReferenceMath.Power(x[0], x[1]),
        Float = static (simd, x) => simd.Math("Pow", x[0], x[1]),
        Other = (_, x) => EmitMixed(type, exponent, x),
        Result = type,
    };

    private static string EmitMixed(ElementType type, ElementType exponent, IReadOnlyList<string> x)
    {
        string result = $"({type.CSharpName()})";
        return type == ElementType.Float32 ? $"VectorMath.Pow({x[0]}, (float){x[1]})"
            : type.IsInteger() && exponent.IsInteger() ? $"{result}ScalarMath.Power((long){x[0]}, (long){x[1]})"
            : $"{result}{(type.Size() < 4 ? "(int)" : string.Empty)}DoubleMath.Pow((double){x[0]}, (double){x[1]})";
    }

    private static DelegateFunction Special(string key, string formula, Func<double, double> real, Func<Simd, string, string> emit, bool cheap = false) => new(key, 1, formula)
    {
        Real = x => real(x[0]),
        Float = (simd, x) => emit(simd, x[0]),
        Cheap = cheap,
    };

    private static DelegateFunction Constant(float exponent) => new($"Pow({exponent:R})", 1, $"{{0}} ^ {exponent:R}")
    {
        Real = x => Math.Pow(x[0], exponent),
        Float = (simd, x) => simd.Math("Pow", x[0], simd.Constant(exponent)),
    };
}
