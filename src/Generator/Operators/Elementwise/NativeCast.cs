using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>The conversions between element types on vectors of the types themselves (<see cref="NativeLanes"/>).</summary>
internal static class NativeCast
{
    /// <summary>True if <see cref="Emit"/> can write the conversion in lanes of so many bytes.</summary>
    public static bool Supports(ElementType from, ElementType to, int bytes)
    {
        if (!NativeLanes.Fits(from, bytes) || !NativeLanes.Fits(to, bytes))
        {
            return false;
        }

        return from == to || from == ElementType.Bool || to == ElementType.Bool
            || (from.IsInteger() && to.IsInteger())
            || (from.IsInteger() ? HasFloats(to, bytes) && IsConvertible(from, bytes)
                : HasFloats(from, bytes) && (HasFloats(to, bytes) || (to.IsInteger() && IsConvertible(to, bytes))));
    }

    /// <summary>True if the lanes hold a value that the store has to round: numbers of f64, and integers beyond 24 bits, as f32 in lanes of 8 bytes.</summary>
    public static bool RoundsWhenStored(ElementType from, ElementType to, int bytes) =>
        to == ElementType.Float32 && bytes == sizeof(double) && (from == ElementType.Float64 || (from.IsInteger() && from.Size() >= sizeof(int)));

    /// <summary>Writes the conversion.</summary>
    public static string Emit(NativeLanes lanes, ElementType from, ElementType to, string x)
    {
        if (from == to)
        {
            return x;
        }

        if (from == ElementType.Bool)
        {
            return lanes.Reinterpret($"({x} & {lanes.Class}.Create({One(to, lanes.Bytes)}))", to);
        }

        if (to == ElementType.Bool)
        {
            string magnitude = HoldsBits(from, lanes.Bytes) ? $"({x} & {lanes.Class}.Create((ushort)0x7FFF))" : x;
            return $"~{lanes.Mask($"{lanes.Class}.Equals({magnitude}, {lanes.Zero(from)})")}";
        }

        return from.IsInteger() ? (to.IsInteger() ? Wrapped(lanes, from, to, x) : FromInteger(lanes, from, to, x))
            : to.IsInteger() ? ToInteger(lanes, to, x)
            : to.IsHalf() ? Rounded(lanes, to, x)
            : x;
    }

    /// <summary>16-bit floats that are held as their bits.</summary>
    private static bool HoldsBits(ElementType type, int bytes) => type.IsHalf() && type.Size() == bytes;

    private static bool HasFloats(ElementType type, int bytes) => type.IsFloat() && !HoldsBits(type, bytes);

    /// <summary>Integers that lanes of floats as wide can be converted from and to: signed ones, and unsigned ones that a signed lane holds.</summary>
    private static bool IsConvertible(ElementType type, int bytes) => (type.Size() < bytes && type != ElementType.UInt32) || (type is ElementType.Int32 or ElementType.Int64 && type.Size() == bytes);

    /// <summary>The lanes' bits of 1 in a type.</summary>
    private static string One(ElementType type, int bytes) => NativeLanes.Held(type, bytes) switch
    {
        ElementType.Float32 => "0x3F800000u",
        ElementType.Float64 => "0x3FF0000000000000ul",
        _ when type == ElementType.Float16 => "(ushort)0x3C00",
        _ when type == ElementType.BFloat16 => "(ushort)0x3F80",
        _ => $"({NativeLanes.Unsigned(bytes).CSharpName()})1",
    };

    /// <summary>The low bits of an integer, extended from the width of another type.</summary>
    private static string Wrapped(NativeLanes lanes, ElementType from, ElementType to, string x)
    {
        string held = NativeLanes.Held(from, lanes.Bytes) == NativeLanes.Held(to, lanes.Bytes) ? x : lanes.Reinterpret(x, to);
        return to.Size() == lanes.Bytes || Contains(to, from) ? held : LowBits(lanes, to, held);
    }

    private static string LowBits(NativeLanes lanes, ElementType to, string x)
    {
        int excess = 8 * (lanes.Bytes - to.Size());
        return to.IsUnsigned() ? $"({x} & {lanes.Constant(to, $"{to.Range().High}")})"
            : lanes.Bytes == sizeof(long) ? SignExtended(lanes, to, x)
            : $"(({x} << {excess}) >> {excess})";
    }

    /// <summary>Lanes of 8 bytes have no arithmetic shift before AVX-512: the sign bit is flipped and subtracted.</summary>
    private static string SignExtended(NativeLanes lanes, ElementType to, string x)
    {
        (long low, long high) = to.Range();
        string sign = lanes.Constant(to, $"{-low}");
        return $"((({x} & {lanes.Constant(to, $"{high - low}")}) ^ {sign}) - {sign})";
    }

    private static bool Contains(ElementType outer, ElementType inner)
    {
        if (inner == ElementType.UInt64)
        {
            return false;
        }

        (long low, long high) = inner.Range();
        return outer != ElementType.UInt64 && outer.Range().Low <= low && high <= outer.Range().High;
    }

    private static string FromInteger(NativeLanes lanes, ElementType from, ElementType to, string x) => lanes.Bytes switch
    {
        sizeof(float) => to.IsHalf() ? Rounded(lanes, to, $"{lanes.Class}.ConvertToSingle({x})") : $"{lanes.Class}.ConvertToSingle({x})",
        _ => $"LaneConversion.{(from != ElementType.Int64 ? "SmallToDouble" : to == ElementType.Float32 ? "ToWideSingle" : "ToDouble")}({x})",
    };

    /// <summary>From a float to integers of 16 bits and less the way goes through i32.</summary>
    private static string ToInteger(NativeLanes lanes, ElementType to, string x)
    {
        string whole = lanes.Bytes == sizeof(float) ? $"{lanes.Class}.ConvertToInt32({x})" : $"LaneConversion.{(to == ElementType.Int64 ? "ToInt64" : "ToInt32")}({x})";
        return to.Size() < sizeof(int) ? LowBits(lanes, to, whole) : whole;
    }

    private static string Rounded(NativeLanes lanes, ElementType to, string x) => lanes.Simd.Math(to == ElementType.Float16 ? "RoundToFloat16" : "RoundToBFloat16", x);
}
