using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>A scale or zero point of a quantisation: a number known now, an operand of the function, or absent.</summary>
internal readonly record struct QuantizationParameter(float? Number, int Operand)
{
    /// <summary>An absent parameter: a zero point of 0.</summary>
    public static readonly QuantizationParameter Absent = new(0, -1);

    /// <summary>The value for given arguments.</summary>
    public float Value(ReadOnlySpan<double> arguments) => Number ?? (float)arguments[Operand];

    /// <summary>The value as an f32 expression for given argument expressions.</summary>
    public string Emit(Simd simd, IReadOnlyList<string> arguments, string conversion = "") => Number is { } number ? simd.Constant(number) : $"{conversion}{arguments[Operand]}";

    /// <summary>For formulas.</summary>
    public string Formula => Number is { } number ? Literal.Of(number).TrimEnd('f') : $"{{{Operand}}}";

    public override string ToString() => Number is { } number ? Literal.Of(number) : $"·{Operand}";
}

/// <summary>The conversions between real numbers and their codes, q = saturate(round(x / scale) + zero point).</summary>
internal static class QuantizationFunctions
{
    /// <summary>x to codes of an integer or narrow float type.</summary>
    public static DelegateFunction Quantize(ElementType to, QuantizationParameter scale, QuantizationParameter zeroPoint, bool saturate)
    {
        string divided = scale.Number == 1 ? "{0}" : $"{{0}} / {scale.Formula}";
        string formula = zeroPoint.Number == 0 ? $"{to.ShortName()}(round({divided}))" : $"{to.ShortName()}(round({divided}) + {zeroPoint.Formula})";
        return new DelegateFunction($"Quantize({to.ShortName()},{scale},{zeroPoint},{saturate})", Arity(scale, zeroPoint), formula)
        {
            Real = x => Code(to, (float)x[0] / scale.Value(x), zeroPoint.Value(x), saturate),
            Lanes = to.IsSmallInteger() ? (simd, x) => EmitCode(simd, x[0], to, scale.Emit(simd, x), scale.Number == 1, zeroPoint.Emit(simd, x)) : null,
            Other = (_, x) => EmitScalar(to, scale, zeroPoint, saturate, x),
            Result = to,
            Cheap = true,
            Rounds = to is ElementType.UInt8 or ElementType.Int8 && zeroPoint.Number is { } zero
                ? new CodeRounding(zero, (simd, x) => scale.Number == 1 ? x[0] : $"{x[0]} / {scale.Emit(simd, x)}")
                : null,
        };
    }

    /// <summary>Codes to real numbers, (q − zero point) · scale, rounded to the result type.</summary>
    public static DelegateFunction Dequantize(ElementType from, ElementType to, QuantizationParameter scale, QuantizationParameter zeroPoint)
    {
        string difference = zeroPoint.Number == 0 ? "{0}" : $"({{0}} - {zeroPoint.Formula})";
        string Emit(Simd simd, string code, string zero, string factor)
        {
            string centred = zeroPoint.Number == 0 ? code : $"{code} - {zero}";
            return scale.Number == 1 ? centred : zeroPoint.Number == 0 ? $"{code} * {factor}" : $"({centred}) * {factor}";
        }

        return new DelegateFunction($"Dequantize({from.ShortName()},{to.ShortName()},{scale},{zeroPoint})", Arity(scale, zeroPoint), scale.Number == 1 ? difference : $"{difference} * {scale.Formula}")
        {
            Real = x => (double)((float)x[0] - zeroPoint.Value(x)) * scale.Value(x),
            Lanes = (simd, x) => Emit(simd, x[0], zeroPoint.Emit(simd, x), scale.Emit(simd, x)),
            Other = (_, x) => $"({to.CSharpName()})({Emit(Simd.Scalar, $"(float){x[0]}", zeroPoint.Emit(Simd.Scalar, x, "(float)"), scale.Emit(Simd.Scalar, x, "(float)"))})",
            Result = to,
            Cheap = true,
            Whole = scale.Number == 1 && zeroPoint.Number is { } zeroCode && from.IsSmallInteger() && zeroCode == (int)zeroCode
                ? ((int)(from.Range().Low - zeroCode), (int)(from.Range().High - zeroCode))
                : null,
        };
    }

    private static int Arity(QuantizationParameter scale, QuantizationParameter zeroPoint) => 1 + new[] { scale, zeroPoint }.Count(static p => p.Number is null);

    private static double Code(ElementType to, float x, float zeroPoint, bool saturate)
    {
        if (to.IsNarrowFloat())
        {
            Runtime.FloatFormat format = NarrowFloat.Format(to);
            return format.Decode(format.Encode(to == ElementType.Float4E2M1 ? x + zeroPoint : x, saturate));
        }

        (long low, long high) = to.Range();
        double code = Math.Round((double)x, MidpointRounding.ToEven) + zeroPoint;
        return code > low ? Math.Min(code, high) : low;
    }

    private static string EmitCode(Simd simd, string x, ElementType to, string scale, bool unscaled, string zeroPoint)
    {
        (long low, long high) = to.Range();
        return simd.Math("Quantize", unscaled ? x : $"{x} / {scale}", zeroPoint, simd.Constant(low), simd.Constant(high));
    }

    private static string EmitScalar(ElementType to, QuantizationParameter scale, QuantizationParameter zeroPoint, bool saturate, IReadOnlyList<string> x)
    {
        string value = $"(float){x[0]}";
        string factor = scale.Emit(Simd.Scalar, x, "(float)");
        string zero = zeroPoint.Emit(Simd.Scalar, x, "(float)");
        string type = to.CSharpName();
        return to == ElementType.Float4E2M1 ? $"({type})(({value} / {factor}) + {zero})"
            : to.IsNarrowFloat() ? saturate ? $"{type}.Saturate({value} / {factor})" : $"({type})({value} / {factor})"
            : $"({type}){EmitCode(Simd.Scalar, value, to, factor, scale.Number == 1, zero)}";
    }
}
