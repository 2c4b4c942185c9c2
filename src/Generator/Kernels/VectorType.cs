using System;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>Registers of one kind of element: how operations on them are spelled in C#.</summary>
/// <param name="Bits">Bits of a register.</param>
/// <param name="Element">The C# type of an element.</param>
/// <param name="ElementBits">Its bits.</param>
internal readonly record struct VectorType(int Bits, string Element, int ElementBits)
{
    /// <summary>Elements of a register.</summary>
    public int Lanes => Bits / ElementBits;

    /// <summary>The static class with the operations.</summary>
    public string Class => $"Vector{Bits}";

    /// <summary>The C# type of a register.</summary>
    public string Type => $"{Class}<{Element}>";

    /// <summary>The C# type of a pointer to elements.</summary>
    public string Pointer => $"{Element}*";

    public string Zero => $"{Type}.Zero";

    /// <summary>Registers of f32 of a width.</summary>
    public static VectorType Real(Simd simd) => new(simd.Bits, "float", 32);

    /// <summary>Registers of 32-bit integers of a width.</summary>
    public static VectorType OfSums(Simd simd) => new(simd.Bits, "int", 32);

    /// <summary>Registers of 16-bit integers of a width, but at most 16 of them, which are the channels of a block.</summary>
    public static VectorType OfPoints(Simd simd) => new(Math.Min(simd.Bits, 256), "short", 16);

    /// <summary>Registers of 16-bit integers of a width.</summary>
    public static VectorType OfShorts(Simd simd) => new(simd.Bits, "short", 16);

    public string Load(string pointer) => $"{Class}.Load({pointer})";

    /// <summary>A statement that stores <paramref name="value"/>.</summary>
    public string Store(string pointer, string value) => $"{Class}.Store({value}, {pointer});";

    public string ShiftLeft(string value, int bits) => $"{Class}.ShiftLeft({value}, {bits})";
}
