using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics;

namespace AotCompiler.Freestanding.StubGenerator;

/// <summary>Spells types as C# does, as far as the core library has them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(sbyte)] = "sbyte",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
    };

    private static readonly HashSet<Type> _vectors = [typeof(Vector64<>), typeof(Vector128<>), typeof(Vector256<>), typeof(Vector512<>)];

    /// <summary>True for the generic structures that are vector registers.</summary>
    public static bool IsVector(Type type) => type.IsGenericType && _vectors.Contains(type.GetGenericTypeDefinition());

    /// <summary>True for the static classes with the portable operations.</summary>
    public static bool IsVectorClass(Type type) => _vectors.Any(v => v.Namespace == type.Namespace && v.Name == type.Name + "`1");

    /// <summary>The type as C#; null if the core library does not have it.</summary>
    public static string? Of(Type type)
    {
        if (_keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) is { } element ? element + "*" : null;
        }

        if (type.IsEnum)
        {
            return type.Namespace is "System.Runtime.Intrinsics.X86" or "System.Runtime.Intrinsics.Arm" ? type.FullName : null;
        }

        return type.IsGenericType ? OfGeneric(type) : null;
    }

    private static string? OfGeneric(Type type)
    {
        string?[] arguments = type.GetGenericArguments().Select(Of).ToArray();
        if (arguments.Contains(null))
        {
            return null;
        }

        return IsVector(type) ? $"{type.Name.Split('`')[0]}<{arguments[0]}>"
            : type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true ? $"({string.Join(", ", arguments)})"
            : null;
    }
}
