using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using AotCompiler.Emission;

namespace AotCompiler.Ir;

/// <summary>
/// A function applied to each element: how it is computed at compile time and how it is written in generated code.
/// Immutable; parameters such as Clip's bounds are part of the instance.
/// </summary>
internal abstract class ElementFunction
{
    /// <summary>Name with parameters, equal exactly for equal functions: <c>LeakyRelu(0.01)</c>.</summary>
    public abstract string Key { get; }

    /// <summary>Number of arguments.</summary>
    public abstract int Arity { get; }

    /// <summary>True if it costs a few instructions, so that it may run on the registers of a convolution's or product's tile.</summary>
    public virtual bool IsCheap => false;

    /// <summary>Element type of the result for arguments of these types.</summary>
    public virtual ElementType ResultType(IReadOnlyList<ElementType> arguments) => arguments[0];

    /// <summary>
    /// True if <see cref="EmitLanes"/> can write it for arguments of these types, each held in f32 lanes
    /// (<see cref="ElementTypes.FitsLanes"/>); <see cref="Emit"/> always can on single elements.
    /// </summary>
    public virtual bool SupportsVector(IReadOnlyList<ElementType> arguments)
    {
        foreach (ElementType type in arguments)
        {
            if (type != ElementType.Float32)
            {
                return false;
            }
        }

        return ResultType(arguments) == ElementType.Float32;
    }

    /// <summary>True if <see cref="EmitDoubles"/> can write it for arguments of these types in f64 lanes, with the bits that <see cref="Emit"/> gives single elements.</summary>
    public virtual bool SupportsDoubles(IReadOnlyList<ElementType> arguments) => false;

    /// <summary>
    /// True if <see cref="EmitNative"/> can write it for arguments of these types in lanes of so many bytes (<see cref="NativeLanes"/>), with the
    /// bits that <see cref="Emit"/> gives single elements.
    /// </summary>
    public virtual bool SupportsNative(IReadOnlyList<ElementType> arguments, int bytes) => false;

    /// <summary>True if a result in lanes of so many bytes is only right once it is stored, because the store rounds it.</summary>
    public virtual bool RoundsWhenStored(IReadOnlyList<ElementType> arguments, int bytes) => false;

    /// <summary>The value for floating-point arguments, in double precision; the caller rounds it to the result type.</summary>
    public abstract double Evaluate(ReadOnlySpan<double> arguments);

    /// <summary>The value for integer and bool arguments (bool as 0 or 1); the caller wraps it to the result type.</summary>
    public virtual long EvaluateInteger(ReadOnlySpan<long> arguments) =>
        throw new NotSupportedException($"{Key} is not defined on integers");

    /// <summary>The value if an argument is u64, whose upper half <see cref="EvaluateInteger"/> would take for negative numbers.</summary>
    public virtual ulong EvaluateUnsigned(ReadOnlySpan<ulong> arguments) => unchecked((ulong)EvaluateInteger(MemoryMarshal.Cast<ulong, long>(arguments)));

    /// <summary>True if <see cref="EvaluateInteger"/> is defined.</summary>
    public virtual bool SupportsIntegers => false;

    /// <summary>
    /// Writes the function as a C# expression over argument expressions (names of locals or literals).
    /// With <see cref="Simd.IsScalar"/> the arguments are single elements of the given types, otherwise vectors of f32.
    /// </summary>
    public abstract string Emit(Simd simd, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments);

    /// <summary>
    /// What a function of f32 lanes that makes codes of a byte does before it rounds to even and saturates, and the zero point that it
    /// adds; null for others.
    /// </summary>
    public virtual CodeRounding? Rounding => null;

    /// <summary>Smallest and largest value if all are whole numbers between known bounds; else null.</summary>
    public virtual (int Low, int High)? WholeRange => null;

    /// <summary>Writes the function over f32 expressions, vectors or single lanes, that hold values of the argument types; so does the result.</summary>
    public virtual string EmitLanes(Simd simd, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments) => EmitUnrounded(simd, types, arguments);

    /// <summary>The same where the store that follows rounds to the result type.</summary>
    public virtual string EmitUnrounded(Simd simd, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments)
    {
        var lanes = new ElementType[arguments.Count];
        lanes.AsSpan().Fill(ElementType.Float32);
        return Emit(simd, lanes, arguments);
    }

    /// <summary>Writes the function over vectors of f64.</summary>
    public virtual string EmitDoubles(Simd simd, IReadOnlyList<string> arguments) => throw new NotSupportedException($"{Key} on vectors of f64");

    /// <summary>Writes the function over vectors that hold arguments of these types; so does the result.</summary>
    public virtual string EmitNative(NativeLanes lanes, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments) => throw new NotSupportedException($"{Key} on vectors of {types[0].ShortName()}");

    /// <summary>Formula for comments: <c>max(0, {0})</c>.</summary>
    public abstract string Formula(IReadOnlyList<string> arguments);

    public override string ToString() => Key;
}

/// <summary>A function that makes codes of a byte, without its last part: rounding to even, the zero point, and saturation.</summary>
/// <param name="ZeroPoint">What is added to the rounded number.</param>
/// <param name="Unrounded">Writes the number that is rounded.</param>
internal sealed record CodeRounding(float ZeroPoint, Func<Simd, IReadOnlyList<string>, string> Unrounded);
