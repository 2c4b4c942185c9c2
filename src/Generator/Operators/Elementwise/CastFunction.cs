using System;
using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Runtime;

namespace AotCompiler.Operators.Elementwise;

/// <summary>How Cast rounds to narrow floats.</summary>
/// <param name="Saturate">To f8, what is too large becomes the largest number instead of infinity or NaN.</param>
/// <param name="Exponent">To f8e8m0: 0 up, 1 down, 2 nearest, as <see cref="FloatFormat.EncodeExponent"/> has it.</param>
internal readonly record struct CastRounding(bool Saturate, int Exponent)
{
    private static readonly string[] _modes = { "up", "down", "nearest" };

    /// <summary>The choice of a Cast or CastLike node.</summary>
    public static CastRounding Of(AttributeMap attributes) => new(attributes.Flag("saturate", true), Math.Max(0, Mode(attributes)));

    /// <summary>True if the mode is one that is defined.</summary>
    public static bool IsKnown(AttributeMap attributes) => Mode(attributes) >= 0;

    private static int Mode(AttributeMap attributes) => Array.IndexOf(_modes, attributes.String("round_mode", _modes[0]));
}

/// <summary>The conversions between element types.</summary>
internal static class CastFunction
{
    /// <summary>The conversion from one type to another.</summary>
    public static DelegateFunction Get(ElementType from, ElementType to, CastRounding rounding)
    {
        // A u64 becomes a float by its value, which its bits as a signed number are not.
        bool exact = !IsAnyFloat(from) && !(from == ElementType.UInt64 && IsAnyFloat(to));
        string detail = to.IsNarrowFloat() ? $",{(rounding.Saturate ? "saturate" : "overflow")},{rounding.Exponent}" : string.Empty;
        return new DelegateFunction($"Cast({from.ShortName()}→{to.ShortName()}{detail})", 1, $"({to.ShortName()}){{0}}")
        {
            Real = x => to.IsNarrowFloat() ? RoundNarrow(x[0], to, rounding) : x[0],
            Integer = exact && !to.IsNarrowFloat() ? static x => x[0] : null,
            Lanes = from.FitsLanes() && (to == from || to.IsHalf() || to == ElementType.Float32) ? static (_, x) => x[0] : null,
            Doubles = AreDoubles(from, to) ? static (_, x) => x[0] : null,
            MixesDoubles = true,
            Native = (lanes, _, x) => NativeCast.Emit(lanes, from, to, x[0]),
            NativeFor = (_, bytes) => NativeCast.Supports(from, to, bytes),
            RoundsLate = (_, bytes) => NativeCast.RoundsWhenStored(from, to, bytes),
            Other = (_, x) => Emit(from, to, rounding, x[0]),
            Result = to,
        };
    }

    /// <summary>True between f64 and f32, whose values f64 lanes hold, rounded when they are stored.</summary>
    private static bool AreDoubles(ElementType from, ElementType to) => (from, to) is (ElementType.Float32 or ElementType.Float64, ElementType.Float64) or (ElementType.Float64, ElementType.Float32);

    private static bool IsAnyFloat(ElementType type) => type.IsFloat() || type.IsNarrowFloat();

    private static double RoundNarrow(double value, ElementType type, CastRounding rounding)
    {
        if (type == ElementType.Float8E8M0)
        {
            return FloatFormat.DecodeExponent(FloatFormat.EncodeExponent((float)value, rounding.Saturate, rounding.Exponent));
        }

        FloatFormat format = NarrowFloat.Format(type);
        return format.Decode(format.Encode((float)value, rounding.Saturate));
    }

    private static string Emit(ElementType from, ElementType to, CastRounding rounding, string x)
    {
        string type = $"({to.CSharpName()})";
        if (from == to)
        {
            return x;
        }

        string value = from.IsHalf() || from.IsNarrowFloat() ? $"(float){x}" : x;
        if (to == ElementType.Bool)
        {
            return $"{value} != 0";
        }

        if (from == ElementType.Bool)
        {
            return IsAnyFloat(to) && to is not (ElementType.Float32 or ElementType.Float64) ? $"({x} ? {type}1f : {type}0f)" : $"({x} ? {type}1 : {type}0)";
        }

        // From a float to integers of 16 bits and less the way goes through i32 on every machine.
        return to.IsNarrowFloat() ? EmitNarrow(to, rounding, from == ElementType.Float32 ? x : $"(float){x}")
            : to == ElementType.Float16 && from == ElementType.Float64 ? $"{type}{x}"
            : to.IsHalf() ? $"{type}(float){x}"
            : to.IsNarrowInteger() ? EmitLowBits(to, IsAnyFloat(from) || from.Size() > 4 || from == ElementType.UInt32 ? $"(int){value}" : value)
            : $"{type}{(IsAnyFloat(from) && to.IsInteger() && to.Size() < 4 ? "(int)" : string.Empty)}{value}";
    }

    private static string EmitNarrow(ElementType to, CastRounding rounding, string x) => to switch
    {
        ElementType.Float8E8M0 => $"{to.CSharpName()}.Round({x}, {(rounding.Saturate ? "true" : "false")}, {rounding.Exponent})",
        ElementType.Float4E2M1 => $"({to.CSharpName()}){x}",
        _ => rounding.Saturate ? $"{to.CSharpName()}.Saturate({x})" : $"({to.CSharpName()}){x}",
    };

    /// <summary>The low 2 or 4 bits of an integer expression of up to 32 bits, extended to the byte that holds the element.</summary>
    public static string EmitLowBits(ElementType to, string x)
    {
        int bits = to.PackedBits();
        return to is ElementType.Int4 or ElementType.Int2
            ? $"(sbyte)(({x} << {32 - bits}) >> {32 - bits})"
            : $"(byte)({x} & {(1 << bits) - 1})";
    }
}
