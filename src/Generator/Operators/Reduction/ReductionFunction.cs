using System;
using System.Globalization;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Reduction;

/// <summary>The value an accumulator starts with.</summary>
internal enum Neutral
{
    Zero,
    One,

    /// <summary>−∞, or the smallest integer.</summary>
    Lowest,

    /// <summary>+∞, or the largest integer.</summary>
    Highest,
}

/// <summary>
/// How many elements become one: a start value, a step and a finish, as C# and as plain evaluation. Accumulators are f32
/// (scalars or vectors of partial results), f64, i64 or u64; elements are converted to the accumulator's type first.
/// Immutable; parameters are part of the instance.
/// </summary>
internal sealed class ReductionFunction
{
    /// <summary>Writes one step on an accumulator and an element of its type.</summary>
    public delegate string StepEmitter(Simd simd, ElementType type, string accumulator, string element);

    /// <summary>Writes the result from an accumulator and the number of elements (an f32 expression or a literal).</summary>
    public delegate string FinishEmitter(Simd simd, ElementType type, string accumulator, string count);

    public static readonly ReductionFunction Sum = new("Sum", "Σ x") { IsSum = true };

    public static readonly ReductionFunction Mean = new("Mean", "Σ x / n")
    {
        IsSum = true,
        TakesWholeSum = true,
        Finish = static (simd, type, a, n) => type switch
        {
            ElementType.Float32 => $"{a} / {simd.Broadcast($"(float)({n})")}",
            _ when n == "0" && type != ElementType.Float64 => "0",
            ElementType.Float64 => $"{a} / {simd.Broadcast($"(double)({n})")}",
            _ => simd.EachLane(a, lane => $"{lane} / ({type.CSharpName()})({n})"),
        },
        FinishReal = static (a, n) => a / n,
        FinishInteger = static (a, n, unsigned) => n == 0 ? 0 : unsigned ? (long)((ulong)a / (ulong)n) : a / n,
    };

    public static readonly ReductionFunction SumSquare = new("SumSquare", "Σ x²")
    {
        IsSum = true,
        Step = AddSquare,
        StepReal = static (a, x) => a + (x * x),
        StepInteger = static (a, x, _) => unchecked(a + (x * x)),
    };

    public static readonly ReductionFunction L1 = new("L1", "Σ |x|")
    {
        IsSum = true,
        Step = static (simd, type, a, x) => $"{a} + {Absolute(simd, type, x)}",
        StepReal = static (a, x) => a + Math.Abs(x),
        StepInteger = static (a, x, unsigned) => unchecked(a + (unsigned || x >= 0 ? x : -x)),
    };

    public static readonly ReductionFunction L2 = new("L2", "√Σ x²")
    {
        IsSum = true,
        TakesWholeSum = true,
        Step = AddSquare,
        Finish = static (simd, type, a, _) => SquareRoot(simd, type, a),
        StepReal = static (a, x) => a + (x * x),
        FinishReal = static (a, _) => Math.Sqrt(a),
        StepInteger = static (a, x, _) => unchecked(a + (x * x)),
        FinishInteger = static (a, _, unsigned) => (long)Math.Sqrt(unsigned ? (ulong)a : a),
    };

    public static readonly ReductionFunction LogSum = new("LogSum", "ln Σ x")
    {
        IsSum = true,
        SupportsIntegers = false,
        Finish = static (simd, type, a, _) => Logarithm(simd, type, a),
        FinishReal = static (a, _) => Math.Log(a),
    };

    /// <summary>ln Σ eˣ. Kernels take elements relative to the maximum, see <see cref="ShiftsByMaximum"/>, so that nothing overflows.</summary>
    public static readonly ReductionFunction LogSumExp = new("LogSumExp", "ln Σ eˣ")
    {
        IsSum = true,
        SupportsIntegers = false,
        ShiftsByMaximum = true,
        Step = static (simd, type, a, x) => $"{a} + {Exponential(simd, type, x)}",
        Finish = static (simd, type, a, _) => Logarithm(simd, type, a),
        StepReal = static (a, x) => a + Math.Exp(x),
        FinishReal = static (a, _) => Math.Log(a),
    };

    /// <summary>The largest element; NaN wins.</summary>
    public static readonly ReductionFunction Max = new("Max", "max x")
    {
        Start = Neutral.Lowest,
        Step = static (simd, type, a, x) => type switch
        {
            ElementType.Float32 or ElementType.Float64 => simd.Of(type).Max(a, x),
            _ => Larger(simd, a, x),
        },
        StepReal = Math.Max,
        StepInteger = static (a, x, unsigned) => (unsigned ? (ulong)x > (ulong)a : x > a) ? x : a,
    };

    /// <summary>The smallest element; NaN wins.</summary>
    public static readonly ReductionFunction Min = new("Min", "min x")
    {
        Start = Neutral.Highest,
        Step = static (simd, type, a, x) => type switch
        {
            ElementType.Float32 or ElementType.Float64 => simd.Of(type).Min(a, x),
            _ => Smaller(simd, a, x),
        },
        StepReal = Math.Min,
        StepInteger = static (a, x, unsigned) => (unsigned ? (ulong)x < (ulong)a : x < a) ? x : a,
    };

    /// <summary>The largest element; a NaN is passed over, which costs one instruction less than <see cref="Max"/>.</summary>
    public static readonly ReductionFunction MaxNumber = new("MaxNumber", "max x")
    {
        Start = Neutral.Lowest,
        Step = static (simd, type, a, x) => type == ElementType.Float32 ? simd.MaxNative(x, a)
            : simd.IsScalar || type.IsInteger() ? Larger(simd, a, x)
            : $"{simd.Class}.MaxNative({x}, {a})",
        StepReal = static (a, x) => x > a ? x : a,
        StepInteger = static (a, x, unsigned) => (unsigned ? (ulong)x > (ulong)a : x > a) ? x : a,
    };

    /// <summary>The smallest element; a NaN is passed over.</summary>
    public static readonly ReductionFunction MinNumber = new("MinNumber", "min x")
    {
        Start = Neutral.Highest,
        Step = static (simd, type, a, x) => type == ElementType.Float32 ? simd.MinNative(x, a)
            : simd.IsScalar || type.IsInteger() ? Smaller(simd, a, x)
            : $"{simd.Class}.MinNative({x}, {a})",
        StepReal = static (a, x) => x < a ? x : a,
        StepInteger = static (a, x, unsigned) => (unsigned ? (ulong)x < (ulong)a : x < a) ? x : a,
    };

    public static readonly ReductionFunction Prod = new("Prod", "Π x")
    {
        Start = Neutral.One,
        Step = static (_, _, a, x) => $"{a} * {x}",
        StepReal = static (a, x) => a * x,
        StepInteger = static (a, x, _) => unchecked(a * x),
    };

    private ReductionFunction(string key, string formula)
    {
        Key = key;
        Formula = formula;
    }

    /// <summary>Name with parameters, equal exactly for equal functions.</summary>
    public string Key { get; }

    /// <summary>Formula for comments.</summary>
    public string Formula { get; }

    /// <summary>Name of the local that accumulates, in generated code.</summary>
    public string AccumulatorName => IsSum ? "sum" : ReferenceEquals(this, Prod) ? "product" : Key.StartsWith("Max", StringComparison.Ordinal) ? "maximum" : "minimum";

    public Neutral Start { get; private init; } = Neutral.Zero;

    /// <summary>True if rounding errors add up, so that kernels must keep partial sums.</summary>
    public bool IsSum { get; private init; }

    /// <summary>
    /// True if the largest element (0 if that is infinite or NaN) is to be subtracted from every element first and added to
    /// the result in the end.
    /// </summary>
    public bool ShiftsByMaximum { get; private init; }

    public bool SupportsIntegers { get; private init; } = true;

    /// <summary>True if of a sum of integers more bits count than an element has.</summary>
    private bool TakesWholeSum { get; init; }

    /// <summary>True if <see cref="Step"/> can be written for vectors of f64.</summary>
    public bool TakesDoubleVectors { get; private init; } = true;

    public StepEmitter Step { get; private init; } = static (_, _, a, x) => $"{a} + {x}";

    public FinishEmitter Finish { get; private init; } = static (_, _, a, _) => a;

    public Func<double, double, double> StepReal { get; private init; } = static (a, x) => a + x;

    public Func<double, long, double> FinishReal { get; private init; } = static (a, _) => a;

    /// <summary>Accumulator, element, and whether both are u64 in disguise.</summary>
    public Func<long, long, bool, long> StepInteger { get; private init; } = static (a, x, _) => unchecked(a + x);

    public Func<long, long, bool, long> FinishInteger { get; private init; } = static (a, _, _) => a;

    /// <summary>(Σ |x|^p)^(1/p).</summary>
    public static ReductionFunction Lp(float p) => p switch
    {
        1 => L1,
        2 => L2,
        _ => new($"L{p:R}", $"(Σ |x|^{p:R})^(1/{p:R})")
        {
            IsSum = true,
            SupportsIntegers = false,
            TakesDoubleVectors = false,
            Step = (simd, type, a, x) => $"{a} + {Power(simd, type, Absolute(simd, type, x), p)}",
            Finish = (simd, type, a, _) => Power(simd, type, a, 1.0 / p),
            StepReal = (a, x) => a + Math.Pow(Math.Abs(x), p),
            FinishReal = (a, _) => Math.Pow(a, 1.0 / p),
        },
    };

    /// <summary>Joins two partial results.</summary>
    public string Combine(Simd simd, ElementType type, string a, string b) => IsSum ? $"{a} + {b}" : Step(simd, type, a, b);

    /// <summary>The start value of an accumulator of a type as C#.</summary>
    /// <param name="simd">Vector width, or scalar.</param>
    /// <param name="type">Type of the accumulator.</param>
    /// <param name="element">Element type; its range bounds integer extremes.</param>
    public string StartLiteral(Simd simd, ElementType type, ElementType element) => type switch
    {
        ElementType.Float32 => simd.Constant((float)StartReal),
        ElementType.Float64 => simd.Doubles.DoubleConstant(StartReal),
        _ => simd.Broadcast(Literal.Of(StartInteger(element), type)),
    };

    /// <summary>The start value for floating-point elements.</summary>
    public double StartReal => Start switch
    {
        Neutral.Zero => 0,
        Neutral.One => 1,
        Neutral.Lowest => double.NegativeInfinity,
        _ => double.PositiveInfinity,
    };

    /// <summary>The start value for integer elements; u64 in disguise.</summary>
    public long StartInteger(ElementType element) => Start switch
    {
        Neutral.Zero => 0,
        Neutral.One => 1,
        Neutral.Lowest => IntegerRange(element).Lowest,
        _ => IntegerRange(element).Highest,
    };

    /// <summary>
    /// Type of an accumulator, in a lane or alone, for elements of a type. Of integers it is the narrowest whose low bits are those of the
    /// result.
    /// </summary>
    public ElementType Accumulator(ElementType element) => element switch
    {
        ElementType.Float32 or ElementType.Float64 => element,
        ElementType.Bool => ElementType.UInt8,
        _ when TakesWholeSum => element == ElementType.UInt64 ? element : ElementType.Int64,
        _ when Start is Neutral.Lowest or Neutral.Highest || element.Size() >= sizeof(int) => element,
        _ => ElementType.Int32,
    };

    private static (long Lowest, long Highest) IntegerRange(ElementType element) => element switch
    {
        ElementType.Bool => (0, 1),
        ElementType.UInt64 => (0, -1),
        ElementType.Int64 => (long.MinValue, long.MaxValue),
        _ when element.IsUnsigned() => (0, (1L << (8 * element.Size())) - 1),
        _ => (-(1L << ((8 * element.Size()) - 1)), (1L << ((8 * element.Size()) - 1)) - 1),
    };

    private static string AddSquare(Simd simd, ElementType type, string a, string x) => type == ElementType.Float32 ? simd.MultiplyAdd(x, x, a) : $"{a} + ({x} * {x})";

    private static string Larger(Simd simd, string a, string x) => simd.IsScalar ? $"({x} > {a} ? {x} : {a})" : $"{simd.Class}.Max({a}, {x})";

    private static string Smaller(Simd simd, string a, string x) => simd.IsScalar ? $"({x} < {a} ? {x} : {a})" : $"{simd.Class}.Min({a}, {x})";

    private static string Absolute(Simd simd, ElementType type, string x) => type switch
    {
        ElementType.Float32 or ElementType.Float64 => simd.Of(type).Abs(x),
        _ when type.IsUnsigned() => x,
        _ => simd.IsScalar ? $"({x} < 0 ? -{x} : {x})" : simd.Abs(x),
    };

    private static string SquareRoot(Simd simd, ElementType type, string x) => type switch
    {
        ElementType.Float32 => simd.IsScalar ? $"global::System.MathF.Sqrt({x})" : $"{simd.Class}.Sqrt({x})",
        ElementType.Float64 => simd.IsScalar ? $"global::System.Math.Sqrt({x})" : $"{simd.Class}.Sqrt({x})",
        _ => simd.EachLane(x, lane => $"({type.CSharpName()})global::System.Math.Sqrt((double)({lane}))"),
    };

    private static string Logarithm(Simd simd, ElementType type, string x) => type == ElementType.Float32 ? simd.Math("Log", x) : simd.EachLane(x, lane => $"DoubleMath.Log({lane})");

    private static string Exponential(Simd simd, ElementType type, string x) => type == ElementType.Float32 ? simd.Math("Exp", x) : $"DoubleMath.Exp({x})";

    private static string Power(Simd simd, ElementType type, string x, double exponent) => type == ElementType.Float32
        ? simd.Math("PowCall", x, simd.Constant((float)exponent))
        : $"DoubleMath.Pow({x}, {exponent.ToString("R", CultureInfo.InvariantCulture)})";
}
