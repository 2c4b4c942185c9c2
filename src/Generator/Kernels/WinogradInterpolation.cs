using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Interpolation points of a filter along one dimension, infinity among them: n points give n − r + 1 outputs of r taps.
/// </summary>
/// <remarks>
/// Source: Toom and Cook for the construction. Three points are 0, 1 and infinity; four 0, ±1 and infinity; five 0, ±5/4, 1/2 and infinity;
/// six 0, ±5/8, ±3/2 and infinity. The usual 0, ±1, ±2 of six points give twice the error of these, and 0, ±1, 1/2 a third more; every
/// constant of the transforms is still exact in f32. The transform of the inputs depends on the points alone.
/// </remarks>
internal sealed class WinogradInterpolation
{
    /// <summary>Name of the pointer to <see cref="Constants"/> in generated code.</summary>
    public const string ConstantsName = "constants";

    private const int Row = Layout.BlockSize;

    // Of six points.
    private const double Near = 0.625;
    private const double Far = 1.5;
    private const double Product = Near * Near * Far * Far;
    private const double Sum = (Near * Near) + (Far * Far);

    // Of five points: two of opposite sign and one more.
    private const double Pair = 1.25;
    private const double Single = 0.5;

    public static readonly WinogradInterpolation Three = new(new[] { 0.0, 1 });
    public static readonly WinogradInterpolation Four = new(new[] { 0.0, 1, -1 });
    public static readonly WinogradInterpolation Five = new(
        new[] { 0, Pair, -Pair, Single },
        -Single, Pair, -Pair, -Pair * Pair, Single, Pair * Pair, Single * Single, Pair * Pair * Pair, Single * Single * Single);

    public static readonly WinogradInterpolation Six = new(
        new[] { 0, Near, -Near, Far, -Far },
        -Far * Far, -Near * Near, Product, -Sum, Near, -Near, Far, -Far, Near * Near, Far * Far, Near * Near * Near, Far * Far * Far);

    private readonly double[] _finite;
    private readonly double[] _factors;

    private WinogradInterpolation(double[] finite, params double[] factors)
    {
        _finite = finite;
        _factors = factors;
        Constants = factors.Length == 0 ? null : Tensor.LazyFloats(
            new Shape(factors.Length, Row),
            $"constants of Winograd's transforms of {finite.Length + 1} points",
            () => factors.SelectMany(static f => Enumerable.Repeat((float)f, Row)).ToArray());
    }

    /// <summary>All points, infinity included.</summary>
    public int Points => _finite.Length + 1;

    /// <summary>
    /// The constants of the transforms for weight memory [constant, 16], all lanes of a row equal; null if there are none. Vector code reads
    /// them from there: the just-in-time compiler would keep constants in registers over the loops of the products, whose sums would then not
    /// all have one.
    /// </summary>
    public Tensor? Constants { get; }

    /// <summary>True if code of this width reads <see cref="Constants"/>.</summary>
    public static bool ReadsConstants(Simd simd) => !simd.IsScalar;

    /// <summary>The matrix of the weights: rows [1, p, p², …] / Π(p − q) over the other points q, and [0, …, 0, 1] for the point at infinity.</summary>
    public double[,] WeightMatrix(int taps)
    {
        var matrix = new double[Points, taps];
        for (int i = 0; i < _finite.Length; i++)
        {
            double p = _finite[i];
            double power = 1 / _finite.Where(q => q != p).Aggregate(1.0, (product, q) => product * (p - q));
            for (int k = 0; k < taps; k++)
            {
                matrix[i, k] = power;
                power *= p;
            }
        }

        matrix[_finite.Length, taps - 1] = 1;
        return matrix;
    }

    /// <summary>Writes the transform of as many inputs as there are points, declares locals for what is used twice, and returns the expressions of the points.</summary>
    public IReadOnlyList<string> Input(StepWriter writer, Simd simd, IReadOnlyList<string> d) => Points switch
    {
        3 => new[] { $"{d[1]} - {d[0]}", d[1], $"{d[2]} - {d[1]}" },
        4 => new[] { $"{d[2]} - {d[0]}", $"{d[1]} + {d[2]}", $"{d[2]} - {d[1]}", $"{d[3]} - {d[1]}" },
        5 => InputOfFive(writer, simd, d),
        _ => InputOfSix(writer, simd, d),
    };

    /// <summary>Writes the transform from points to so many outputs, declares locals for what is used twice, and returns the outputs' expressions.</summary>
    public IReadOnlyList<string> Output(StepWriter writer, Simd simd, IReadOnlyList<string> f, int outputs) => (Points, outputs) switch
    {
        (3, 2) => new[] { $"{f[0]} + {f[1]}", $"{f[1]} + {f[2]}" },
        (4, 2) => new[] { $"{f[0]} + {f[1]} + {f[2]}", $"{f[1]} - {f[2]} + {f[3]}" },
        (4, 3) => new[] { $"{f[0]} + {f[1]} + {f[2]}", $"{f[1]} - {f[2]}", $"{f[1]} + {f[2]} + {f[3]}" },
        (5, 4) => OutputOfFive(writer, simd, f),
        (6, 2 or 4) => OutputOfSix(writer, simd, f, outputs),
        _ => throw new ArgumentOutOfRangeException(nameof(outputs), $"no transform from {Points} points to {outputs} outputs"),
    };

    private IReadOnlyList<string> InputOfFive(StepWriter writer, Simd simd, IReadOnlyList<string> d)
    {
        string Term(double factor, string a, string sum) => simd.MultiplyAdd(Constant(writer, simd, factor), a, sum);
        writer.Line($"{simd.Type} even = {Term(-Single, d[2], d[3])};");
        writer.Line($"{simd.Type} odd = {Term(-Single, d[1], d[2])};");
        return new[]
        {
            Term(-Pair * Pair, Term(-Single, d[0], d[1]), "even"),
            Term(Pair, "odd", "even"),
            Term(-Pair, "odd", "even"),
            Term(-Pair * Pair, d[1], d[3]),
            Term(-Pair * Pair, "odd", Term(-Single, d[3], d[4])),
        };
    }

    private IReadOnlyList<string> OutputOfFive(StepWriter writer, Simd simd, IReadOnlyList<string> f)
    {
        string Term(double factor, string a, string sum) => simd.MultiplyAdd(Constant(writer, simd, factor), a, sum);
        writer.Line($"{simd.Type} even = {f[1]} + {f[2]}, odd = {f[1]} - {f[2]};");
        return new[]
        {
            $"{f[0]} + even + {f[3]}",
            Term(Pair, "odd", $"{Constant(writer, simd, Single)} * {f[3]}"),
            Term(Pair * Pair, "even", $"{Constant(writer, simd, Single * Single)} * {f[3]}"),
            Term(Pair * Pair * Pair, "odd", Term(Single * Single * Single, f[3], f[4])),
        };
    }

    private IReadOnlyList<string> InputOfSix(StepWriter writer, Simd simd, IReadOnlyList<string> d)
    {
        string Term(double factor, string a, string sum) => simd.MultiplyAdd(Constant(writer, simd, factor), a, sum);
        writer.Line($"{simd.Type} evenNear = {Term(-Far * Far, d[2], d[4])};");
        writer.Line($"{simd.Type} oddNear = {Term(-Far * Far, d[1], d[3])};");
        writer.Line($"{simd.Type} evenFar = {Term(-Near * Near, d[2], d[4])};");
        writer.Line($"{simd.Type} oddFar = {Term(-Near * Near, d[1], d[3])};");
        return new[]
        {
            Term(Product, d[0], Term(-Sum, d[2], d[4])),
            Term(Near, "oddNear", "evenNear"),
            Term(-Near, "oddNear", "evenNear"),
            Term(Far, "oddFar", "evenFar"),
            Term(-Far, "oddFar", "evenFar"),
            Term(Product, d[1], Term(-Sum, d[3], d[5])),
        };
    }

    private IReadOnlyList<string> OutputOfSix(StepWriter writer, Simd simd, IReadOnlyList<string> f, int outputs)
    {
        string Term(double factor, string a, string sum) => simd.MultiplyAdd(Constant(writer, simd, factor), a, sum);
        writer.Line($"{simd.Type} evenNear = {f[1]} + {f[2]}, oddNear = {f[1]} - {f[2]};");
        writer.Line($"{simd.Type} evenFar = {f[3]} + {f[4]}, oddFar = {f[3]} - {f[4]};");
        string first = $"{f[0]} + evenNear + evenFar";
        return outputs == 2 ? new[] { first, Term(Near, "oddNear", Term(Far, "oddFar", f[5])) } : new[]
        {
            first,
            Term(Near, "oddNear", $"{Constant(writer, simd, Far)} * oddFar"),
            Term(Near * Near, "evenNear", $"{Constant(writer, simd, Far * Far)} * evenFar"),
            Term(Near * Near * Near, "oddNear", Term(Far * Far * Far, "oddFar", f[5])),
        };
    }

    private string Constant(StepWriter writer, Simd simd, double factor) => ReadsConstants(writer.Simd)
        ? simd.Load($"{ConstantsName} + {Array.IndexOf(_factors, factor) * Row}")
        : simd.Constant((float)factor);
}
