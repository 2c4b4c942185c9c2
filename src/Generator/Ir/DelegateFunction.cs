using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotCompiler.Emission;

namespace AotCompiler.Ir;

/// <summary>A function given by delegates: what it computes, and how it is written for each group of element types.</summary>
internal sealed class DelegateFunction : ElementFunction
{
    private readonly string _formula;

    /// <param name="key">See <see cref="ElementFunction.Key"/>.</param>
    /// <param name="arity">Number of arguments.</param>
    /// <param name="formula">For comments, with {0}, {1}, … for the arguments.</param>
    public DelegateFunction(string key, int arity, string formula)
    {
        Key = key;
        Arity = arity;
        _formula = formula;
    }

    public delegate double RealFunction(ReadOnlySpan<double> arguments);

    public delegate long IntegerFunction(ReadOnlySpan<long> arguments);

    public delegate ulong UnsignedFunction(ReadOnlySpan<ulong> arguments);

    public delegate string NativeFunction(NativeLanes lanes, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments);

    public override string Key { get; }

    public override int Arity { get; }

    /// <summary>Value in double precision.</summary>
    public RealFunction Real { get; init; } = static _ => throw new NotSupportedException();

    /// <summary>Value on integers and bools; null if not defined.</summary>
    public IntegerFunction? Integer { get; init; }

    /// <summary>Value on u64 where it differs from <see cref="Integer"/> on the same bits.</summary>
    public UnsignedFunction? Unsigned { get; init; }

    /// <summary>Expression on f32, scalar or vector.</summary>
    public Func<Simd, IReadOnlyList<string>, string>? Float { get; init; }

    /// <summary>Expression on f32 lanes that hold values of other types, for functions that convert; its value is one of the result type, but for 16-bit floats, to which it is rounded.</summary>
    public Func<Simd, IReadOnlyList<string>, string>? Lanes { get; init; }

    /// <summary>Scalar expression on f64; <see cref="Other"/> if null.</summary>
    public Func<IReadOnlyList<string>, string>? Double { get; init; }

    /// <summary>Expression on vectors of f64, with the bits of the scalar one; null if there is none.</summary>
    public Func<Simd, IReadOnlyList<string>, string>? Doubles { get; init; }

    /// <summary>True if <see cref="Doubles"/> takes arguments of f32 too, widened; of f64 only if not. The result is f64, or f32 that is rounded when stored.</summary>
    public bool MixesDoubles { get; init; }

    /// <summary>
    /// Expression on vectors of the arguments' own types, with the bits of the scalar one; for f32 and f64 <see cref="Float"/> and
    /// <see cref="Doubles"/> if null.
    /// </summary>
    public NativeFunction? Native { get; init; }

    /// <summary>The types and bytes of a lane for which there is <see cref="Native"/>; null for numbers as wide as a lane, and bools.</summary>
    public Func<IReadOnlyList<ElementType>, int, bool>? NativeFor { get; init; }

    /// <summary>See <see cref="ElementFunction.RoundsWhenStored"/>.</summary>
    public Func<IReadOnlyList<ElementType>, int, bool>? RoundsLate { get; init; }

    /// <summary>Scalar expression for types that have no expression of their own, given the type of the last argument.</summary>
    public Func<ElementType, IReadOnlyList<string>, string>? Other { get; init; }

    /// <summary>See <see cref="ElementFunction.IsCheap"/>.</summary>
    public bool Cheap { get; init; }

    /// <summary>Type of the result; null for that of the last argument.</summary>
    public ElementType? Result { get; init; }

    /// <summary>See <see cref="ElementFunction.WholeRange"/>.</summary>
    public (int Low, int High)? Whole { get; init; }

    /// <summary>See <see cref="ElementFunction.Rounding"/>.</summary>
    public CodeRounding? Rounds { get; init; }

    public override CodeRounding? Rounding => Rounds;

    public override bool IsCheap => Cheap;

    public override (int Low, int High)? WholeRange => Whole;

    public override bool SupportsIntegers => Integer is not null;

    public override ElementType ResultType(IReadOnlyList<ElementType> arguments) => Result ?? arguments[arguments.Count - 1];

    public override bool SupportsVector(IReadOnlyList<ElementType> arguments) =>
        (Lanes is not null && arguments.All(static t => t.FitsLanes()) && ResultType(arguments).FitsLanes())
        || (Float is not null && (base.SupportsVector(arguments) || IsOfHalves(arguments)));

    public override bool SupportsDoubles(IReadOnlyList<ElementType> arguments) => Doubles is not null
        && (MixesDoubles || (arguments.All(static t => t == ElementType.Float64) && ResultType(arguments) == ElementType.Float64));

    public override string EmitDoubles(Simd simd, IReadOnlyList<string> arguments) => Doubles is null ? base.EmitDoubles(simd, arguments) : Doubles(simd, arguments);

    public override bool SupportsNative(IReadOnlyList<ElementType> arguments, int bytes) => Native is null
        ? (Float is not null && bytes == sizeof(float) && base.SupportsVector(arguments)) || (bytes == sizeof(double) && !MixesDoubles && SupportsDoubles(arguments))
        : NativeFor?.Invoke(arguments, bytes) ?? arguments.All(t => IsNativeNumber(t, bytes));

    public override bool RoundsWhenStored(IReadOnlyList<ElementType> arguments, int bytes) => RoundsLate?.Invoke(arguments, bytes) ?? false;

    public override string EmitLanes(Simd simd, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments)
    {
        string result = EmitUnrounded(simd, types, arguments);
        ElementType type = ResultType(types);
        return type.IsHalf() && (Lanes is null || types[0] != type) ? simd.Math(type == ElementType.Float16 ? "RoundToFloat16" : "RoundToBFloat16", result) : result;
    }

    public override string EmitUnrounded(Simd simd, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments) =>
        Lanes is null ? base.EmitUnrounded(simd, types, arguments) : Lanes(simd, arguments);

    public override string EmitNative(NativeLanes lanes, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments) =>
        Native is not null ? Native(lanes, types, arguments)
        : lanes.Bytes == sizeof(double) ? EmitDoubles(lanes.Simd.Doubles, arguments)
        : base.EmitUnrounded(lanes.Simd, types, arguments);

    /// <summary>A <see cref="NativeFor"/>: all types that lanes can hold, narrower than a lane or not.</summary>
    public static bool AnyWidth(IReadOnlyList<ElementType> types, int bytes) => types.All(t => NativeLanes.Fits(t, bytes));

    /// <summary>A <see cref="NativeFor"/>: all numbers that lanes can hold with their order, narrower than a lane or not.</summary>
    public static bool OrderedOfAnyWidth(IReadOnlyList<ElementType> types, int bytes) => types.All(t => t != ElementType.Bool && !t.IsHalf() && NativeLanes.Fits(t, bytes));

    /// <summary>A <see cref="NativeFor"/>: integers, narrower than a lane or not.</summary>
    public static bool IntegersOfAnyWidth(IReadOnlyList<ElementType> types, int bytes) => types.All(t => t.IsInteger() && NativeLanes.Fits(t, bytes));

    /// <summary>A number as wide as a lane.</summary>
    private static bool IsNativeNumber(ElementType type, int bytes) =>
        (type.IsInteger() || type is ElementType.Float32 or ElementType.Float64) && type.Size() == bytes;

    /// <summary>16-bit floats are computed with in f32, and each result is rounded.</summary>
    private bool IsOfHalves(IReadOnlyList<ElementType> types) => types[0].IsHalf() && types.All(t => t == types[0]) && ResultType(types) == types[0];

    public override double Evaluate(ReadOnlySpan<double> arguments) => Real(arguments);

    public override long EvaluateInteger(ReadOnlySpan<long> arguments) => Integer is null ? base.EvaluateInteger(arguments) : Integer(arguments);

    public override ulong EvaluateUnsigned(ReadOnlySpan<ulong> arguments) => Unsigned is null ? base.EvaluateUnsigned(arguments) : Unsigned(arguments);

    public override string Emit(Simd simd, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments)
    {
        if (Float is not null && types.All(static t => t == ElementType.Float32))
        {
            return Float(simd, arguments);
        }

        if (Double is not null && types.All(static t => t == ElementType.Float64))
        {
            return Double(arguments);
        }

        ElementType type = types[types.Count - 1];
        return Other is null ? throw new NotSupportedException($"{Key} on {type.ShortName()}") : Other(type, arguments);
    }

    /// <summary>The formula; sums and the like stand in brackets where the function is not written as a call.</summary>
    public override string Formula(IReadOnlyList<string> arguments)
    {
        bool call = _formula.EndsWith(")", StringComparison.Ordinal) && char.IsLetter(_formula[0]);
        return string.Format(CultureInfo.InvariantCulture, _formula, arguments.Select(a => (object)(call || !HasOuterOperator(a) ? a : $"({a})")).ToArray());
    }

    /// <summary>True if a formula has a space, as binary operators have around them, outside all brackets.</summary>
    private static bool HasOuterOperator(string formula)
    {
        int depth = 0;
        foreach (char c in formula)
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ' ' && depth == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A function of one argument that the runtime has for f32 vectors and for f64.</summary>
    /// <param name="name">Name in the runtime's vector mathematics.</param>
    /// <param name="formula">For comments, with {0} for the argument.</param>
    /// <param name="real">Value in double precision.</param>
    /// <param name="instruction">Name in <see cref="Math"/> if processors have an instruction for it in f64.</param>
    /// <param name="doubles">True if the runtime or the processors have the function for vectors of f64.</param>
    public static DelegateFunction FromVectorMath(string name, string formula, Func<double, double> real, string? instruction = null, bool doubles = false) => new(name, 1, formula)
    {
        Doubles = doubles ? (simd, x) => instruction is null ? simd.Math(name, x[0]) : $"{simd.Class}.{instruction}({x[0]})" : null,
        Real = x => real(x[0]),
        Float = (simd, x) => simd.Math(name, x[0]),
        Double = x => $"{(instruction is null ? $"DoubleMath.{name}" : $"global::System.Math.{instruction}")}({x[0]})",
    };
}
