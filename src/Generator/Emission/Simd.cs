using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Emission;

/// <summary>
/// A vector width that code is written for, or scalar code: how operations on f32, on f64 (<see cref="Doubles"/>) or on integers
/// (<see cref="Of"/>) are spelled in C#.
/// </summary>
internal sealed class Simd
{
    private readonly Simd _singles;
    private readonly Dictionary<ElementType, Simd>? _kinds;

    public static readonly Simd V512 = new(512, 32);
    public static readonly Simd V256 = new(256);
    public static readonly Simd V128 = new(128);
    public static readonly Simd Scalar = new(32);

    /// <summary>
    /// Scalar code of a processor that has no vectors at all, where it is not the rest of a vector loop but all there is: a comparison and a
    /// jump are cheaper there than functions, which are called.
    /// </summary>
    public static readonly Simd Single = new(32);

    /// <summary>Vectors of 128 bits on a processor with 32 registers of them: 64-bit Arm.</summary>
    public static readonly Simd Arm64 = new(128, 32);

    /// <summary>The vectors of a width; null if code is not written for it.</summary>
    public static Simd? OfBits(int bits) => bits switch
    {
        512 => V512,
        256 => V256,
        128 => V128,
        _ => null,
    };

    private Simd(int bits, int registers = 16)
    {
        Bits = bits;
        RegisterCount = registers;
        _singles = this;
        _kinds = new[]
        {
            ElementType.Float64, ElementType.Int32, ElementType.UInt32, ElementType.Int64, ElementType.UInt64,
            ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16,
        }.ToDictionary(static type => type, type => new Simd(this, type));
    }

    private Simd(Simd singles, ElementType type)
    {
        Bits = singles.Bits;
        RegisterCount = singles.RegisterCount;
        ElementType = type;
        _singles = singles;
        _kinds = singles._kinds;
    }

    /// <summary>The same width with elements of f64.</summary>
    public Simd Doubles => Of(ElementType.Float64);

    /// <summary>True if elements are f64.</summary>
    public bool HoldsDoubles => ElementType == ElementType.Float64;

    /// <summary>Type of the elements.</summary>
    public ElementType ElementType { get; } = ElementType.Float32;

    /// <summary>The same width with elements of f64 or of an integer of 4 or 8 bytes; with f32 for all other types.</summary>
    public Simd Of(ElementType type) => type.Size() >= sizeof(int) ? Native(type) : _singles;

    /// <summary>The same width with elements of a type, integers of 1 and 2 bytes included; with f32 for those that registers have no arithmetic for.</summary>
    public Simd Native(ElementType type) => _singles._kinds!.TryGetValue(type, out Simd? kind) ? kind : _singles;

    /// <summary>Bits of a register.</summary>
    public int Bits { get; }

    /// <summary>Elements of a register; 1 for scalar.</summary>
    public int Lanes => IsScalar ? 1 : Bits / (8 * ElementType.Size());

    public bool IsScalar => Bits == 32;

    private bool IsSingle => ReferenceEquals(this, Single);

    private bool IsInteger => ElementType.IsInteger();

    /// <summary>Registers that hold 16 channels.</summary>
    public int RegistersPerBlock => 16 / Lanes;

    /// <summary>Vector registers of the instruction set that brings this width; x64 below AVX-512 has 16.</summary>
    public int RegisterCount { get; }

    /// <summary>The static class with the operations: <c>Vector512</c>.</summary>
    public string Class => IsScalar ? throw new InvalidOperationException("scalar code has no vector class") : $"Vector{Bits}";

    private string Element => ElementType.CSharpName();

    /// <summary>The C# type of a register.</summary>
    public string Type => IsScalar ? Element : $"{Class}<{Element}>";

    /// <summary>The next narrower width that tails are done with.</summary>
    public Simd Narrower
    {
        get
        {
            Simd singles = Bits switch
            {
                512 => V256,
                256 => V128,
                _ => Scalar,
            };
            return singles.Native(ElementType);
        }
    }

    public string Load(string pointer) => IsScalar ? At(pointer) : $"{Class}.Load({pointer})";

    /// <summary>
    /// <see cref="Load(string)"/> as a read through the pointer: in methods with more than some 500 locals, where .NET 9's compiler
    /// would call a function of 512 bits instead of expanding it.
    /// </summary>
    public string Read(string pointer) => $"*({Type}*)({pointer})";

    /// <summary>A statement that stores <paramref name="value"/>; the counterpart of <see cref="Read"/>.</summary>
    public string Assign(string pointer, string value) => $"{Read(pointer)} = {value};";

    /// <summary>A statement that stores <paramref name="value"/>.</summary>
    public string Store(string pointer, string value) => IsScalar ? $"{At(pointer)} = {value};" : $"{Class}.Store({value}, {pointer});";

    /// <summary>
    /// Elements of a type that <see cref="ElementTypes.FitsLanes"/> as f32 lanes, of f32 and f64 as f64 lanes, or as integer lanes those of
    /// their own type and narrower ones.
    /// </summary>
    public string Load(string pointer, ElementType type) => IsInteger ? LoadInteger(pointer, type)
        : HoldsDoubles ? (type == ElementType.Float64 ? Load(pointer) : IsScalar ? $"(double){At(pointer)}" : $"DoubleStorage.Load{Bits}({pointer})")
        : type == ElementType.Float32 ? Load(pointer)
        : IsScalar ? $"(float){At(pointer)}"
        : $"ElementStorage.Load{Bits}({pointer})";

    /// <summary>
    /// A statement that stores f32 lanes, which hold values of the type, as elements of it; f64 lanes are rounded to f32, of integers the low
    /// bits are kept that the type has.
    /// </summary>
    public string Store(string pointer, string value, ElementType type) => IsInteger ? StoreInteger(pointer, value, type)
        : HoldsDoubles ? (type == ElementType.Float64 ? Store(pointer, value) : IsScalar ? $"{At(pointer)} = (float)({value});" : $"DoubleStorage.Store({value}, {pointer});")
        : type == ElementType.Float32 ? Store(pointer, value)
        : IsScalar ? $"{At(pointer)} = {Narrowed(value, type)};"
        : $"ElementStorage.Store({value}, {pointer});";

    private string LoadInteger(string pointer, ElementType type) => type.Size() >= ElementType.Size() ? Load(pointer)
        : IsScalar ? $"({Element}){At(pointer)}"
        : new NativeLanes(this, ElementType.Size()).Load(pointer, type);

    private string StoreInteger(string pointer, string value, ElementType type) => type.Size() >= ElementType.Size() ? Store(pointer, value)
        : IsScalar ? $"{At(pointer)} = {Narrowed(value, type)};"
        : new NativeLanes(this, ElementType.Size()).Store(pointer, value, type);

    /// <summary>Elements that lie <paramref name="stride"/> apart, from element <paramref name="index"/> on, as f32 lanes.</summary>
    public string LoadStrided(string pointer, string index, long stride, ElementType type)
    {
        if (stride is 0 or 1)
        {
            return Load(index == "0" || stride == 0 ? pointer : $"{pointer} + {index}", type);
        }

        string conversion = type == ElementType.Float32 ? string.Empty : "(float)";
        IEnumerable<string> elements = Enumerable.Range(0, Lanes).Select(lane => conversion + Strided(pointer, index, lane, stride));
        return IsScalar ? elements.First() : $"{Class}.Create({string.Join(", ", elements)})";
    }

    /// <summary>Statements that store the lanes of a local <paramref name="value"/> so far apart.</summary>
    public IEnumerable<string> StoreStrided(string pointer, string index, long stride, string value, ElementType type) => Enumerable.Range(0, Lanes)
        .Select(lane => $"{Strided(pointer, index, lane, stride)} = {Narrowed(IsScalar ? value : $"{value}.GetElement({lane})", type)};");

    private static string Narrowed(string lane, ElementType type) => type == ElementType.Float32 ? lane : $"({type.CSharpName()})({lane})";

    private static string Strided(string pointer, string index, int lane, long stride)
    {
        string at = index == "0" ? $"{lane * stride}" : $"({index} * {stride}L){(lane == 0 ? string.Empty : $" + {lane * stride}")}";
        return $"{pointer}[{at}]";
    }

    public string Zero => IsScalar ? (IsInteger ? "0" : HoldsDoubles ? "0d" : "0f") : $"{Class}<{Element}>.Zero";

    /// <summary>All lanes equal to a compile-time constant.</summary>
    public string Constant(float value) => IsScalar ? Literal.Of(value)
        : value == 0 && 1 / value > 0 ? Zero
        : $"{Class}.Create({Literal.Of(value)})";

    /// <summary>All f64 lanes equal to a compile-time constant.</summary>
    public string DoubleConstant(double value) => IsScalar ? Literal.Of(value) : $"{Class}.Create({Literal.Of(value)})";

    /// <summary>A function of single elements for each lane of a local: of those that registers have no instruction for.</summary>
    public string EachLane(string lanes, Func<string, string> function) => IsScalar ? function(lanes)
        : $"{Class}.Create({string.Join(", ", Enumerable.Range(0, Lanes).Select(i => function($"{lanes}.GetElement({i})")))})";

    /// <summary>All lanes equal to an expression of one element.</summary>
    public string Broadcast(string scalar) => IsScalar ? scalar : $"{Class}.Create({scalar})";

    /// <summary>a·b + c, with one rounding where the hardware has it (always at 512 bits); of f64 always with two, so that single elements get the same bits.</summary>
    public string MultiplyAdd(string a, string b, string c) => Bits switch
    {
        _ when HoldsDoubles || IsInteger => $"({a} * {b}) + {c}",
        32 => $"({a} * {b}) + {c}",
        512 => $"Vector512.FusedMultiplyAdd({a}, {b}, {c})",
        _ => $"{Class}.MultiplyAddEstimate({a}, {b}, {c})",
    };

    /// <summary>
    /// a·b + c in a sum whose elements are all computed with vectors of this width: like <see cref="MultiplyAdd"/>, but of f64 too with
    /// one rounding where the hardware has it.
    /// </summary>
    public string Accumulate(string a, string b, string c) => HoldsDoubles && !IsScalar
        ? $"{Class}.{(Bits == 512 ? "FusedMultiplyAdd" : "MultiplyAddEstimate")}({a}, {b}, {c})"
        : MultiplyAdd(a, b, c);

    private string ScalarMath => HoldsDoubles ? "global::System.Math" : "global::System.MathF";

    /// <summary>The larger of two; NaN wins, +0 is larger than -0.</summary>
    public string Max(string a, string b) => IsScalar ? $"{ScalarMath}.Max({a}, {b})" : $"{Class}.Max({a}, {b})";

    /// <summary>The smaller of two; NaN wins, -0 is smaller than +0.</summary>
    public string Min(string a, string b) => IsScalar ? $"{ScalarMath}.Min({a}, {b})" : $"{Class}.Min({a}, {b})";

    /// <summary>x, but not below a bound that is no NaN; NaN stays NaN. One instruction: the bound stands first because x86 returns the second operand when either is NaN.</summary>
    public string AtLeast(string bound, string x) => IsSingle && IsName(x) ? $"({x} < {bound} ? {bound} : {x})"
        : IsScalar ? Max(bound, x) : $"{Class}.MaxNative({bound}, {x})";

    /// <summary>x, but not above a bound that is no NaN; NaN stays NaN.</summary>
    public string AtMost(string bound, string x) => IsSingle && IsName(x) ? $"({x} > {bound} ? {bound} : {x})"
        : IsScalar ? Min(bound, x) : $"{Class}.MinNative({bound}, {x})";

    /// <summary>The larger of two f32; b where either is NaN, or the NaN on Arm. One instruction, and no jump that would often be guessed wrong.</summary>
    public string MaxNative(string a, string b) => IsSingle ? $"({a} > {b} ? {a} : {b})" : $"{(IsScalar ? "VectorMath" : Class)}.MaxNative({a}, {b})";

    /// <summary>The smaller of two f32; b where either is NaN, or the NaN on Arm.</summary>
    public string MinNative(string a, string b) => IsSingle ? $"({a} < {b} ? {a} : {b})" : $"{(IsScalar ? "VectorMath" : Class)}.MinNative({a}, {b})";

    /// <summary>Absolute value.</summary>
    public string Abs(string x) => IsScalar ? $"{ScalarMath}.Abs({x})" : $"{Class}.Abs({x})";

    /// <summary>Where a is below b, as a condition for <see cref="Select"/>.</summary>
    public string Less(string a, string b) => IsScalar ? $"{a} < {b}" : $"{Class}.LessThan({a}, {b})";

    /// <summary>Where a is not above b, as a condition for <see cref="Select"/>.</summary>
    public string LessOrEqual(string a, string b) => IsScalar ? $"{a} <= {b}" : $"{Class}.LessThanOrEqual({a}, {b})";

    /// <summary>Where x is 0, of either sign, as a condition for <see cref="Select"/>.</summary>
    public string IsZero(string x) => IsScalar ? $"{x} == 0" : $"{Class}.Equals({x}, {Zero})";

    /// <summary>One of two values per element.</summary>
    public string Select(string condition, string whereTrue, string whereFalse) => IsScalar
        ? $"({condition} ? {whereTrue} : {whereFalse})"
        : $"{Class}.ConditionalSelect({condition}, {whereTrue}, {whereFalse})";

    /// <summary>The lanes of a vector whose numbers a function gives, which are constants.</summary>
    public string Pick(string vector, Func<int, int> lane) =>
        $"{Class}.Shuffle({vector}, {Class}.Create({string.Join(", ", Enumerable.Range(0, Lanes).Select(i => $"{lane(i)}{(HoldsDoubles ? "L" : string.Empty)}"))}))";

    /// <summary>What a pointer expression points to, as a reader would write it: <c>*p</c>, <c>p[i]</c>.</summary>
    private static string At(string pointer)
    {
        int plus = pointer.IndexOf(" + ", StringComparison.Ordinal);
        if (plus < 0)
        {
            return IsName(pointer) ? $"*{pointer}" : $"*({pointer})";
        }

        string index = pointer.Substring(plus + 3);
        return IsName(pointer.Substring(0, plus)) && IsName(index) ? $"{pointer.Substring(0, plus)}[{index}]" : $"*({pointer})";
    }

    private static bool IsName(string text)
    {
        foreach (char c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_'))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    /// <summary>A call of the runtime's vector mathematics, which has one overload per width; for f64 it has fewer functions.</summary>
    public string Math(string function, params string[] arguments) => $"{(HoldsDoubles ? "DoubleMath" : "VectorMath")}.{function}({string.Join(", ", arguments)})";

    /// <summary>Suffix of names that exist once per width.</summary>
    public string Suffix => $"{Bits}";
}
