using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Sets of element types that families of operators share.</summary>
internal static class TypeSets
{
    public static readonly ElementType[] Floats = { ElementType.Float32, ElementType.Float64, ElementType.Float16, ElementType.BFloat16 };

    public static readonly ElementType[] SignedIntegers = { ElementType.Int32, ElementType.Int64, ElementType.Int8, ElementType.Int16 };

    public static readonly ElementType[] UnsignedIntegers = { ElementType.UInt8, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64 };

    public static readonly ElementType[] Integers = SignedIntegers.Concat(UnsignedIntegers).ToArray();

    public static readonly ElementType[] SignedNumbers = Floats.Concat(SignedIntegers).ToArray();

    public static readonly ElementType[] Numbers = Floats.Concat(Integers).ToArray();

    public static readonly ElementType[] Bool = { ElementType.Bool };

    public static readonly ElementType[] All = Numbers.Concat(Bool).ToArray();

    /// <summary>Types that are stored and converted, but not computed with.</summary>
    public static readonly ElementType[] Narrow =
    {
        ElementType.Float8E4M3FN, ElementType.Float8E4M3FNUZ, ElementType.Float8E5M2, ElementType.Float8E5M2FNUZ, ElementType.Float8E8M0,
        ElementType.Float4E2M1, ElementType.UInt4, ElementType.Int4, ElementType.UInt2, ElementType.Int2,
    };

    /// <summary>All types that can be stored, strings excepted.</summary>
    public static readonly ElementType[] Stored = All.Concat(Narrow).ToArray();

    /// <summary>The real type that holds every number of an integer type, or nearly so where it has 64 bits; null for other types.</summary>
    public static ElementType? RealOf(ElementType type) => !Integers.Contains(type) ? null : type.Size() >= sizeof(int) ? ElementType.Float64 : ElementType.Float32;

    public static readonly ElementType[] AllAndText = All.Append(ElementType.String).ToArray();

    /// <summary>All types that can be moved about.</summary>
    public static readonly ElementType[] StoredAndText = Stored.Append(ElementType.String).ToArray();
}
