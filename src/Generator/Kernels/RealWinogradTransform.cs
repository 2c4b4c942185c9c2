using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// The transforms of f32, from points that keep its rounding errors small.
/// </summary>
/// <remarks>
/// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016), for the form; Toom and Cook for the
/// construction from interpolation points: 0, ±1 and infinity for m = 2; 0, ±5/8, ±3/2 and infinity for m = 4. The usual
/// 0, ±1, ±2 give twice the error; with 5/8 and 3/2 every constant of the transforms is still exact in f32.
/// </remarks>
internal sealed class RealWinogradTransform : WinogradTransform
{
    /// <summary>Name of the pointer to <see cref="Constants"/> in generated code.</summary>
    public const string ConstantsName = "constants";

    private const double Near = 0.625;
    private const double Far = 1.5;
    private const double Product = Near * Near * Far * Far;
    private const double Sum = (Near * Near) + (Far * Far);
    private const int Row = Layout.BlockSize;

    // Every constant that the transforms of F(4×4) name.
    private static readonly double[] _factors =
    {
        -Far * Far, -Near * Near, Product, -Sum, Near, -Near, Far, -Far, Near * Near, Far * Far, Near * Near * Near, Far * Far * Far,
    };

    public static readonly RealWinogradTransform F2 = new(2, new[] { 0.0, 1, -1 }, constants: null);
    public static readonly RealWinogradTransform F4 = new(4, new[] { 0.0, Near, -Near, Far, -Far }, Rows(_factors));

    private readonly double[,] _weights;

    private RealWinogradTransform(int outputs, double[] points, Tensor? constants)
        : base(outputs)
    {
        Constants = constants;
        _weights = WeightMatrix(points);
    }

    /// <summary>
    /// The constants of both transforms for weight memory [constant, 16], all lanes of a row equal; null if there are none. Code for narrow
    /// vectors, of which a block of 16 takes several, reads them from there: the just-in-time compiler would keep constants in registers
    /// over the loops of the products, whose sums would then not all have one, which costs more than half of the speed.
    /// </summary>
    public Tensor? Constants { get; }

    /// <summary>True if code of this width reads <see cref="Constants"/>.</summary>
    public static bool ReadsConstants(Simd simd) => !simd.IsScalar && simd.Bits < 512;

    /// <summary>Transforms one 3×3 filter: G · w · Gᵀ, in double precision.</summary>
    /// <param name="filter">The 9 weights, row-major.</param>
    /// <param name="result">Takes the value of each point, row-major.</param>
    public void TransformWeights(ReadOnlySpan<float> filter, Span<double> result)
    {
        Span<double> columns = stackalloc double[Points * 3];
        for (int i = 0; i < Points; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                columns[(i * 3) + k] = (_weights[i, 0] * filter[k]) + (_weights[i, 1] * filter[3 + k]) + (_weights[i, 2] * filter[6 + k]);
            }
        }

        for (int i = 0; i < Points; i++)
        {
            for (int j = 0; j < Points; j++)
            {
                result[(i * Points) + j] = (_weights[j, 0] * columns[i * 3]) + (_weights[j, 1] * columns[(i * 3) + 1]) + (_weights[j, 2] * columns[(i * 3) + 2]);
            }
        }
    }

    /// <summary>Transforms three weights along one dimension: G · w, in double precision.</summary>
    /// <param name="taps">The weights.</param>
    /// <param name="result">Takes the value of each point.</param>
    public void TransformLine(ReadOnlySpan<float> taps, Span<double> result)
    {
        for (int i = 0; i < Points; i++)
        {
            result[i] = (_weights[i, 0] * taps[0]) + (_weights[i, 1] * taps[1]) + (_weights[i, 2] * taps[2]);
        }
    }

    public override IReadOnlyList<string> Input(StepWriter writer, Simd simd, IReadOnlyList<string> d) => Outputs == 2
        ? new[] { $"{d[2]} - {d[0]}", $"{d[1]} + {d[2]}", $"{d[2]} - {d[1]}", $"{d[3]} - {d[1]}" }
        : InputOfFour(writer, simd, d);

    public override IReadOnlyList<string> Output(StepWriter writer, Simd simd, IReadOnlyList<string> f) => Outputs == 2
        ? new[] { $"{f[0]} + {f[1]} + {f[2]}", $"{f[1]} - {f[2]} + {f[3]}" }
        : OutputOfFour(writer, simd, f);

    private static IReadOnlyList<string> InputOfFour(StepWriter writer, Simd simd, IReadOnlyList<string> d)
    {
        string Term(double factor, string a, string sum) => simd.MultiplyAdd(Constant(simd, factor), a, sum);
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

    private static IReadOnlyList<string> OutputOfFour(StepWriter writer, Simd simd, IReadOnlyList<string> f)
    {
        string Term(double factor, string a, string sum) => simd.MultiplyAdd(Constant(simd, factor), a, sum);
        writer.Line($"{simd.Type} evenNear = {f[1]} + {f[2]}, oddNear = {f[1]} - {f[2]};");
        writer.Line($"{simd.Type} evenFar = {f[3]} + {f[4]}, oddFar = {f[3]} - {f[4]};");
        return new[]
        {
            $"{f[0]} + evenNear + evenFar",
            Term(Near, "oddNear", $"{Constant(simd, Far)} * oddFar"),
            Term(Near * Near, "evenNear", $"{Constant(simd, Far * Far)} * evenFar"),
            Term(Near * Near * Near, "oddNear", Term(Far * Far * Far, "oddFar", f[5])),
        };
    }

    private static string Constant(Simd simd, double factor) => ReadsConstants(simd)
        ? simd.Load($"{ConstantsName} + {Array.IndexOf(_factors, factor) * Row}")
        : simd.Constant((float)factor);

    private static Tensor Rows(double[] factors) => Tensor.LazyFloats(
        new Shape(factors.Length, Row),
        "constants of Winograd's transforms",
        () => factors.SelectMany(static f => Enumerable.Repeat((float)f, Row)).ToArray());

    /// <summary>Rows [1, p, p²] / Π(p − q) over the other points q, and [0, 0, 1] for the point at infinity.</summary>
    private static double[,] WeightMatrix(double[] points)
    {
        var matrix = new double[points.Length + 1, 3];
        for (int i = 0; i < points.Length; i++)
        {
            double p = points[i];
            double norm = points.Where(q => q != p).Aggregate(1.0, (product, q) => product * (p - q));
            matrix[i, 0] = 1 / norm;
            matrix[i, 1] = p / norm;
            matrix[i, 2] = p * p / norm;
        }

        matrix[points.Length, 2] = 1;
        return matrix;
    }
}
