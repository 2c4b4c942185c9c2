using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Sets of element types that families of operators share.</summary>
internal static class TypeSets
{
    public static readonly ElementType[] Floats = { ElementType.Float32, ElementType.Float64 };

    public static readonly ElementType[] SignedIntegers = { ElementType.Int32, ElementType.Int64, ElementType.Int8, ElementType.Int16 };

    public static readonly ElementType[] UnsignedIntegers = { ElementType.UInt8, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64 };

    public static readonly ElementType[] Integers = SignedIntegers.Concat(UnsignedIntegers).ToArray();

    public static readonly ElementType[] SignedNumbers = Floats.Concat(SignedIntegers).ToArray();

    public static readonly ElementType[] Numbers = Floats.Concat(Integers).ToArray();

    public static readonly ElementType[] Bool = { ElementType.Bool };

    public static readonly ElementType[] All = Numbers.Concat(Bool).ToArray();
}
