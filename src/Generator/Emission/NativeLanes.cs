using AotCompiler.Ir;

namespace AotCompiler.Emission;

/// <summary>
/// Vectors whose lanes are as wide as the widest element of a computation: how values of each type are held in them, loaded and stored.
/// Elements of that width are held as they are; narrower integers as signed integers of the lanes' width, f32 in lanes of 8 bytes as
/// f64, 16-bit floats in lanes of 4 bytes as f32; bools as masks.
/// </summary>
internal sealed class NativeLanes
{
    /// <param name="simd">Width of the vectors, not scalar.</param>
    /// <param name="bytes">Bytes of a lane: 1, 2, 4 or 8.</param>
    public NativeLanes(Simd simd, int bytes)
    {
        Simd = simd;
        Bytes = bytes;
    }

    public Simd Simd { get; }

    public int Bytes { get; }

    /// <summary>The static class with the operations: <c>Vector512</c>.</summary>
    public string Class => Simd.Class;

    /// <summary>True if lanes can hold a type's values.</summary>
    public static bool Fits(ElementType type, int bytes) => Held(type, bytes) != ElementType.Undefined;

    /// <summary>The type of the lanes that hold a type's values; unsigned for bool; undefined if there is none.</summary>
    public static ElementType Held(ElementType type, int bytes) => type switch
    {
        ElementType.Bool => Unsigned(bytes),
        ElementType.Float32 when bytes == 8 => ElementType.Float64,
        ElementType.Float16 or ElementType.BFloat16 => bytes switch
        {
            2 => ElementType.UInt16,
            4 => ElementType.Float32,
            _ => ElementType.Undefined,
        },
        ElementType.Float32 or ElementType.Float64 => type.Size() == bytes ? type : ElementType.Undefined,
        _ when type.IsInteger() => type.Size() == bytes ? type : type.Size() < bytes ? Signed(bytes) : ElementType.Undefined,
        _ => ElementType.Undefined,
    };

    /// <summary>The C# type of a vector that holds values of a type.</summary>
    public string Type(ElementType type) => $"{Class}<{Element(type)}>";

    /// <summary>The C# type of a lane that holds a value of a type.</summary>
    public string Element(ElementType type) => Held(type, Bytes).CSharpName();

    /// <summary>No value at all: zeros, false.</summary>
    public string Zero(ElementType type) => $"{Type(type)}.Zero";

    /// <summary>All lanes equal to a number that is written for one element of a type other than bool.</summary>
    public string Constant(ElementType type, string number) => $"{Class}.Create(({Element(type)}){number})";

    /// <summary>A comparison's lanes, all bits or none, as a mask.</summary>
    public string Mask(string comparison) => $"{comparison}.As{ClrName(Unsigned(Bytes))}()";

    /// <summary>Lanes of one type as those of another with the same bits.</summary>
    public string Reinterpret(string lanes, ElementType to) => $"{lanes}.As{ClrName(Held(to, Bytes))}()";

    /// <summary>One of two values of a type per lane.</summary>
    public string Select(string mask, ElementType type, string whereTrue, string whereFalse) =>
        $"{Class}.ConditionalSelect({(type == ElementType.Bool ? mask : Reinterpret(mask, type))}, {whereTrue}, {whereFalse})";

    /// <summary>Of the elements that two vectors in a row hold every second one, beginning with the first or with the second; at most 4 bytes each.</summary>
    public string EverySecond(string low, string high, ElementType type, bool fromSecond)
    {
        string Pairs(string lanes)
        {
            string pairs = $"{lanes}.As{ClrName(Unsigned(2 * Bytes))}()";
            return fromSecond ? $"{Class}.ShiftRightLogical({pairs}, {8 * Bytes})" : pairs;
        }

        return $"{Class}.Narrow({Pairs(low)}, {Pairs(high)}).As{ClrName(Held(type, Bytes))}()";
    }

    /// <summary>The lanes behind a pointer to elements of a type.</summary>
    public string Load(string pointer, ElementType type)
    {
        if (type == ElementType.Bool)
        {
            return Bytes == 1
                ? $"~{Class}.Equals({Class}.Load({pointer}), {Zero(type)})"
                : Mask($"{Class}.GreaterThan({Integers(pointer)}, {Class}<{Signed(Bytes).CSharpName()}>.Zero)");
        }

        return type.Size() == Bytes ? $"{Class}.Load({(type.IsHalf() ? $"(ushort*)({pointer})" : pointer)})"
            : type.IsInteger() ? Integers(pointer)
            : type.IsHalf() ? Simd.Load(pointer, type)
            : Simd.Doubles.Load(pointer, type);
    }

    /// <summary>One element of a type, given as C# reads it from memory, in all lanes.</summary>
    public string Broadcast(string element, ElementType type) => type switch
    {
        ElementType.Bool => $"{Class}.Create({element} != 0 ? {Element(type)}.MaxValue : ({Element(type)})0)",
        ElementType.Float16 or ElementType.BFloat16 when Bytes == 2 => $"{Class}.Create(*(ushort*)&{element})",
        _ => $"{Class}.Create({(type.Size() == Bytes ? string.Empty : $"({Element(type)})")}{element})",
    };

    /// <summary>A statement that stores lanes that hold values of a type as elements of it.</summary>
    public string Store(string pointer, string value, ElementType type)
    {
        if (type == ElementType.Bool)
        {
            string ones = $"({value}) & {Constant(type, "1")}";
            return Bytes == 1 ? $"{Class}.Store({ones}, {pointer});" : $"LaneStorage.Store(({ones}).As{ClrName(Signed(Bytes))}(), {pointer});";
        }

        return type.Size() == Bytes ? $"{Class}.Store({value}, {(type.IsHalf() ? $"(ushort*)({pointer})" : pointer)});"
            : type.IsInteger() ? $"LaneStorage.Store({value}, ({Unsigned(type.Size()).CSharpName()}*)({pointer}));"
            : type.IsHalf() ? Simd.Store(pointer, value, type)
            : Simd.Doubles.Store(pointer, value, type);
    }

    /// <summary>The signed integer of some bytes.</summary>
    public static ElementType Signed(int bytes) => bytes switch
    {
        1 => ElementType.Int8,
        2 => ElementType.Int16,
        4 => ElementType.Int32,
        _ => ElementType.Int64,
    };

    /// <summary>The unsigned integer of some bytes.</summary>
    public static ElementType Unsigned(int bytes) => bytes switch
    {
        1 => ElementType.UInt8,
        2 => ElementType.UInt16,
        4 => ElementType.UInt32,
        _ => ElementType.UInt64,
    };

    private string Integers(string pointer) => $"LaneStorage.{ClrName(Signed(Bytes))}s{Simd.Bits}({pointer})";

    private static string ClrName(ElementType type) => type switch
    {
        ElementType.Int8 => "SByte",
        ElementType.UInt8 => "Byte",
        ElementType.Float32 => "Single",
        ElementType.Float64 => "Double",
        _ => type.ToString(),
    };
}
