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
/// construction from interpolation points: 0, ±1 and infinity for four points; 0, ±5/8, ±3/2 and infinity for six. The usual
/// 0, ±1, ±2 give twice the error; with 5/8 and 3/2 every constant of the transforms is still exact in f32. The transform of the
/// inputs depends on the points alone: it is the same for F(4×4, 3×3) and F(2×2, 5×5).
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

    // Every constant that the transforms of six points name.
    private static readonly double[] _factors =
    {
        -Far * Far, -Near * Near, Product, -Sum, Near, -Near, Far, -Far, Near * Near, Far * Far, Near * Near * Near, Far * Far * Far,
    };

    private static readonly double[] _sixPoints = { 0, Near, -Near, Far, -Far };
    private static readonly Tensor _sixPointConstants = Rows(_factors);

    public static readonly RealWinogradTransform F2 = new(2, 3, new[] { 0.0, 1, -1 }, constants: null);
    public static readonly RealWinogradTransform F4 = new(4, 3, _sixPoints, _sixPointConstants);

    /// <summary>For 5×5 windows.</summary>
    public static readonly RealWinogradTransform F2Of5 = new(2, 5, _sixPoints, _sixPointConstants);

    private readonly double[,] _weights;

    private RealWinogradTransform(int outputs, int taps, double[] points, Tensor? constants)
        : base(outputs, taps)
    {
        Constants = constants;
        _weights = WeightMatrix(points, taps);
    }

    /// <summary>The transforms for windows of so many taps in each dimension, the more exact ones first; none for other windows.</summary>
    public static IReadOnlyList<RealWinogradTransform> For(int taps) => taps switch
    {
        3 => new[] { F2, F4 },
        5 => new[] { F2Of5 },
        _ => Array.Empty<RealWinogradTransform>(),
    };

    /// <summary>
    /// The constants of both transforms for weight memory [constant, 16], all lanes of a row equal; null if there are none. Code for narrow
    /// vectors, of which a block of 16 takes several, reads them from there: the just-in-time compiler would keep constants in registers
    /// over the loops of the products, whose sums would then not all have one, which costs more than half of the speed.
    /// </summary>
    public Tensor? Constants { get; }

    /// <summary>True if code of this width reads <see cref="Constants"/>.</summary>
    public static bool ReadsConstants(Simd simd) => !simd.IsScalar && simd.Bits < 512;

    /// <summary>Transforms one filter: G · w · Gᵀ, in double precision.</summary>
    /// <param name="filter">The r² weights, row-major.</param>
    /// <param name="result">Takes the value of each point, row-major.</param>
    public void TransformWeights(ReadOnlySpan<float> filter, Span<double> result)
    {
        Span<double> columns = stackalloc double[Points * Taps];
        columns.Clear();
        for (int i = 0; i < Points; i++)
        {
            for (int k = 0; k < Taps * Taps; k++)
            {
                columns[(i * Taps) + (k % Taps)] += _weights[i, k / Taps] * filter[k];
            }
        }

        for (int i = 0; i < Points; i++)
        {
            for (int j = 0; j < Points; j++)
            {
                double sum = 0;
                for (int k = 0; k < Taps; k++)
                {
                    sum += _weights[j, k] * columns[(i * Taps) + k];
                }

                result[(i * Points) + j] = sum;
            }
        }
    }

    /// <summary>Transforms weights along one dimension: G · w, in double precision.</summary>
    /// <param name="taps">The r weights.</param>
    /// <param name="result">Takes the value of each point.</param>
    public void TransformLine(ReadOnlySpan<float> taps, Span<double> result)
    {
        for (int i = 0; i < Points; i++)
        {
            double sum = 0;
            for (int k = 0; k < Taps; k++)
            {
                sum += _weights[i, k] * taps[k];
            }

            result[i] = sum;
        }
    }

    public override IReadOnlyList<string> Input(StepWriter writer, Simd simd, IReadOnlyList<string> d) => Points == 4
        ? new[] { $"{d[2]} - {d[0]}", $"{d[1]} + {d[2]}", $"{d[2]} - {d[1]}", $"{d[3]} - {d[1]}" }
        : InputOfSix(writer, simd, d);

    public override IReadOnlyList<string> Output(StepWriter writer, Simd simd, IReadOnlyList<string> f) => Points == 4
        ? new[] { $"{f[0]} + {f[1]} + {f[2]}", $"{f[1]} - {f[2]} + {f[3]}" }
        : OutputOfSix(writer, simd, f);

    private static IReadOnlyList<string> InputOfSix(StepWriter writer, Simd simd, IReadOnlyList<string> d)
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

    private IReadOnlyList<string> OutputOfSix(StepWriter writer, Simd simd, IReadOnlyList<string> f)
    {
        string Term(double factor, string a, string sum) => simd.MultiplyAdd(Constant(writer, simd, factor), a, sum);
        writer.Line($"{simd.Type} evenNear = {f[1]} + {f[2]}, oddNear = {f[1]} - {f[2]};");
        writer.Line($"{simd.Type} evenFar = {f[3]} + {f[4]}, oddFar = {f[3]} - {f[4]};");
        string first = $"{f[0]} + evenNear + evenFar";
        return Outputs == 2 ? new[] { first, Term(Near, "oddNear", Term(Far, "oddFar", f[5])) } : new[]
        {
            first,
            Term(Near, "oddNear", $"{Constant(writer, simd, Far)} * oddFar"),
            Term(Near * Near, "evenNear", $"{Constant(writer, simd, Far * Far)} * evenFar"),
            Term(Near * Near * Near, "oddNear", Term(Far * Far * Far, "oddFar", f[5])),
        };
    }

    private static string Constant(StepWriter writer, Simd simd, double factor) => ReadsConstants(writer.Simd)
        ? simd.Load($"{ConstantsName} + {Array.IndexOf(_factors, factor) * Row}")
        : simd.Constant((float)factor);

    private static Tensor Rows(double[] factors) => Tensor.LazyFloats(
        new Shape(factors.Length, Row),
        "constants of Winograd's transforms",
        () => factors.SelectMany(static f => Enumerable.Repeat((float)f, Row)).ToArray());

    /// <summary>Rows [1, p, p², …] / Π(p − q) over the other points q, and [0, …, 0, 1] for the point at infinity.</summary>
    private static double[,] WeightMatrix(double[] points, int taps)
    {
        var matrix = new double[points.Length + 1, taps];
        for (int i = 0; i < points.Length; i++)
        {
            double p = points[i];
            double power = 1 / points.Where(q => q != p).Aggregate(1.0, (product, q) => product * (p - q));
            for (int k = 0; k < taps; k++)
            {
                matrix[i, k] = power;
                power *= p;
            }
        }

        matrix[points.Length, taps - 1] = 1;
        return matrix;
    }
}
