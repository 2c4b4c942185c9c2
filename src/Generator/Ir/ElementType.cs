using System;

namespace AotCompiler.Ir;

/// <summary>Element type of a tensor; the numbers are those of ONNX's <c>TensorProto.DataType</c>.</summary>
internal enum ElementType
{
    Undefined = 0,
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Float64 = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
    Float8E4M3FN = 17,
    Float8E4M3FNUZ = 18,
    Float8E5M2 = 19,
    Float8E5M2FNUZ = 20,
    UInt4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
    Float8E8M0 = 24,
    UInt2 = 25,
    Int2 = 26,
}

/// <summary>Facts about element types.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one element in memory; an element of a type narrower than a byte takes a byte of its own, a string those of a handle.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Bool or ElementType.UInt8 or ElementType.Int8 => 1,
        ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ or ElementType.Float8E8M0 => 1,
        ElementType.UInt4 or ElementType.Int4 or ElementType.Float4E2M1 or ElementType.UInt2 or ElementType.Int2 => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 or ElementType.String => 4,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 or ElementType.Complex64 => 8,
        ElementType.Complex128 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "the type has no whole-byte size"),
    };

    /// <summary>True for types whose elements occupy a fixed number of bytes in memory: all that are defined.</summary>
    public static bool HasWholeBytes(this ElementType type) => type != ElementType.Undefined;

    /// <summary>Bits of an element in a model file, for types that are packed there; 0 for others.</summary>
    public static int PackedBits(this ElementType type) => type switch
    {
        ElementType.UInt4 or ElementType.Int4 or ElementType.Float4E2M1 => 4,
        ElementType.UInt2 or ElementType.Int2 => 2,
        _ => 0,
    };

    /// <summary>True for integers narrower than a byte, which are stored and converted but not computed with.</summary>
    public static bool IsNarrowInteger(this ElementType type) => type is ElementType.UInt4 or ElementType.Int4 or ElementType.UInt2 or ElementType.Int2;

    /// <summary>True for floats of a byte or less, which are stored and converted but not computed with.</summary>
    public static bool IsNarrowFloat(this ElementType type) => type is ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ
        or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ or ElementType.Float8E8M0 or ElementType.Float4E2M1;

    /// <summary>True for the 16-bit floats, which are computed with in f32.</summary>
    public static bool IsHalf(this ElementType type) => type is ElementType.Float16 or ElementType.BFloat16;

    /// <summary>True for types whose values f32 holds exactly and which vector code converts as it loads and stores them.</summary>
    public static bool FitsLanes(this ElementType type) => type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16
        or ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.UInt16
        or ElementType.Int4 or ElementType.UInt4 or ElementType.Int2 or ElementType.UInt2;

    /// <summary>True for integers of at most 16 bits.</summary>
    public static bool IsSmallInteger(this ElementType type) => type.IsNarrowInteger() || (type.IsInteger() && type.Size() <= 2);

    /// <summary>Smallest and largest value of an integer type other than u64, whose largest is beyond the result's range.</summary>
    public static (long Low, long High) Range(this ElementType type) => type switch
    {
        ElementType.Int2 => (-2, 1),
        ElementType.UInt2 => (0, 3),
        ElementType.Int4 => (-8, 7),
        ElementType.UInt4 => (0, 15),
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt8 => (0, byte.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.UInt16 => (0, ushort.MaxValue),
        ElementType.Int32 => (int.MinValue, int.MaxValue),
        ElementType.UInt32 => (0, uint.MaxValue),
        ElementType.Int64 => (long.MinValue, long.MaxValue),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "the type has no integer range"),
    };

    /// <summary>True for signed and unsigned integers of at least a byte, not for bool.</summary>
    public static bool IsInteger(this ElementType type) => type is ElementType.UInt8 or ElementType.Int8 or ElementType.UInt16
        or ElementType.Int16 or ElementType.Int32 or ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64;

    /// <summary>True for unsigned integers.</summary>
    public static bool IsUnsigned(this ElementType type) => type is ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64;

    /// <summary>True for binary floating-point types of 16 bits or more.</summary>
    public static bool IsFloat(this ElementType type) => type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    /// <summary>The C# keyword or type name of one element in memory; throws where C# has none. A string is a handle (<see cref="StringPool"/>).</summary>
    public static string CSharpName(this ElementType type) => type switch
    {
        ElementType.Float32 => "float",
        ElementType.Float64 => "double",
        ElementType.Float16 => "global::System.Half",
        ElementType.BFloat16 or ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ or ElementType.Float8E5M2
            or ElementType.Float8E5M2FNUZ or ElementType.Float8E8M0 or ElementType.Float4E2M1 => $"global::AotCompiler.Runtime.{type}",
        ElementType.Int8 or ElementType.Int4 or ElementType.Int2 => "sbyte",
        ElementType.UInt8 or ElementType.UInt4 or ElementType.UInt2 => "byte",
        ElementType.Int16 => "short",
        ElementType.UInt16 => "ushort",
        ElementType.Int32 or ElementType.String => "int",
        ElementType.UInt32 => "uint",
        ElementType.Int64 => "long",
        ElementType.UInt64 => "ulong",
        ElementType.Bool => "bool",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "the type has no C# name"),
    };

    /// <summary>True if <see cref="CSharpName"/> knows the type.</summary>
    public static bool HasCSharpName(this ElementType type) => type.IsFloat() || type.IsInteger() || type is ElementType.Bool or ElementType.String || type.IsNarrowFloat() || type.IsNarrowInteger();

    /// <summary>The C# type of one element of an input or output, as the caller of generated code sees it.</summary>
    public static string PublicName(this ElementType type) => type == ElementType.String ? "string" : type.CSharpName();

    /// <summary>Short name used in messages and comments: <c>f32</c>, <c>i64</c>, <c>bool</c>.</summary>
    public static string ShortName(this ElementType type) => type switch
    {
        ElementType.Float32 => "f32",
        ElementType.Float64 => "f64",
        ElementType.Float16 => "f16",
        ElementType.BFloat16 => "bf16",
        ElementType.Int8 => "i8",
        ElementType.UInt8 => "u8",
        ElementType.Int16 => "i16",
        ElementType.UInt16 => "u16",
        ElementType.Int32 => "i32",
        ElementType.UInt32 => "u32",
        ElementType.Int64 => "i64",
        ElementType.UInt64 => "u64",
        ElementType.Bool => "bool",
        ElementType.String => "string",
        ElementType.Complex64 => "c64",
        ElementType.Complex128 => "c128",
        ElementType.Float8E4M3FN => "f8e4m3fn",
        ElementType.Float8E4M3FNUZ => "f8e4m3fnuz",
        ElementType.Float8E5M2 => "f8e5m2",
        ElementType.Float8E5M2FNUZ => "f8e5m2fnuz",
        ElementType.Float8E8M0 => "f8e8m0",
        ElementType.UInt4 => "u4",
        ElementType.Int4 => "i4",
        ElementType.Float4E2M1 => "f4e2m1",
        ElementType.UInt2 => "u2",
        ElementType.Int2 => "i2",
        _ => "undefined",
    };
}
