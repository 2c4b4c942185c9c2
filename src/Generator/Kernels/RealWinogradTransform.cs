using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>
/// The transforms of f32. Windows of stride 1 are one filter of their taps. Windows of three taps and stride 2 are two in each dimension,
/// added up: the first and the third tap are a filter of stride 1 over every other input, the second tap meets the inputs between these.
/// A tile of m outputs takes m + 1 products for the former, and m for the latter, which all have the same weight, instead of 3·m.
/// </summary>
/// <remarks>Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016), for the form; <see cref="WinogradInterpolation"/>.</remarks>
internal sealed class RealWinogradTransform : WinogradTransform
{
    public static readonly RealWinogradTransform F2 = new(2, 3, WinogradInterpolation.Four, (65, 60));
    public static readonly RealWinogradTransform F4 = new(4, 3, WinogradInterpolation.Six, (190, 210));

    /// <summary>For 5×5 windows.</summary>
    public static readonly RealWinogradTransform F2Of5 = new(2, 5, WinogradInterpolation.Six, (190, 120));

    private static readonly RealWinogradTransform[] _of2 =
    {
        new(2, 2, WinogradInterpolation.Three, (25, 25)),
        new(3, 2, WinogradInterpolation.Four, (50, 50)),
        new(4, 2, WinogradInterpolation.Five, (85, 80)),
    };

    private static readonly RealWinogradTransform[] _stride2 =
    {
        new(2, 3, WinogradInterpolation.Three, (55, 55), stride: 2),
        new(3, 3, WinogradInterpolation.Four, (125, 125), stride: 2),
        new(4, 3, WinogradInterpolation.Five, (230, 220), stride: 2),
    };

    private readonly WinogradInterpolation _interpolation;
    private readonly double[,] _weights;

    private RealWinogradTransform(int outputs, int taps, WinogradInterpolation interpolation, (double Input, double Output) cycles, int stride = 1)
        : base(outputs, taps, stride)
    {
        _interpolation = interpolation;
        Cycles = cycles;
        _weights = stride == 1 ? interpolation.WeightMatrix(taps) : EveryOther(interpolation.WeightMatrix(2));
    }

    /// <summary>The transforms for windows of so many taps and such a stride in each dimension, the more exact ones first; none for other windows.</summary>
    public static IReadOnlyList<RealWinogradTransform> For(int taps, int stride = 1) => (taps, stride) switch
    {
        (2, 1) => _of2,
        (3, 1) => new[] { F2, F4 },
        (5, 1) => new[] { F2Of5 },
        (3, 2) => _stride2,
        _ => Array.Empty<RealWinogradTransform>(),
    };

    /// <summary>Cycles that the transforms of a tile take, in two dimensions: those of a block of input channels and those of a block of outputs.</summary>
    public (double Input, double Output) Cycles { get; }

    /// <summary>True for tiles whose transforms multiply: sums lose a digit more than those of the tiles that only add.</summary>
    public bool IsLessExact => _interpolation.Constants is not null;

    /// <summary>The points between the others share a weight.</summary>
    public override int Panels => Stride == 1 ? Points : _interpolation.Points + 1;

    /// <summary><see cref="WinogradInterpolation.Constants"/> of both transforms.</summary>
    public Tensor? Constants => _interpolation.Constants;

    /// <summary>Transforms one filter: G · w · Gᵀ, in double precision.</summary>
    /// <param name="filter">The r² weights, row-major.</param>
    /// <param name="result">Takes the value of each panel, row-major.</param>
    public void TransformWeights(ReadOnlySpan<float> filter, Span<double> result)
    {
        Span<double> columns = stackalloc double[Panels * Taps];
        columns.Clear();
        for (int i = 0; i < Panels; i++)
        {
            for (int k = 0; k < Taps * Taps; k++)
            {
                columns[(i * Taps) + (k % Taps)] += _weights[i, k / Taps] * filter[k];
            }
        }

        for (int i = 0; i < Panels; i++)
        {
            for (int j = 0; j < Panels; j++)
            {
                double sum = 0;
                for (int k = 0; k < Taps; k++)
                {
                    sum += _weights[j, k] * columns[(i * Taps) + k];
                }

                result[(i * Panels) + j] = sum;
            }
        }
    }

    /// <summary>Transforms weights along one dimension: G · w, in double precision.</summary>
    /// <param name="taps">The r weights.</param>
    /// <param name="result">Takes the value of each panel.</param>
    public void TransformLine(ReadOnlySpan<float> taps, Span<double> result)
    {
        for (int i = 0; i < Panels; i++)
        {
            double sum = 0;
            for (int k = 0; k < Taps; k++)
            {
                sum += _weights[i, k] * taps[k];
            }

            result[i] = sum;
        }
    }

    public override IReadOnlyList<string> Input(StepWriter writer, Simd simd, IReadOnlyList<string> d) => Stride == 1
        ? _interpolation.Input(writer, simd, d)
        : _interpolation.Input(writer, simd, d.Where(static (_, i) => i % 2 == 0).ToArray()).Concat(d.Where(static (_, i) => i % 2 == 1)).ToArray();

    public override IReadOnlyList<string> Output(StepWriter writer, Simd simd, IReadOnlyList<string> f)
    {
        IReadOnlyList<string> sums = _interpolation.Output(writer, simd, f, Outputs);
        return Stride == 1 ? sums : sums.Select((sum, k) => $"{sum} + {f[_interpolation.Points + k]}").ToArray();
    }

    /// <summary>The matrix of the first and the third of three taps, and below it the row of the second one.</summary>
    private static double[,] EveryOther(double[,] two)
    {
        int points = two.GetLength(0);
        var matrix = new double[points + 1, 3];
        for (int i = 0; i < points; i++)
        {
            (matrix[i, 0], matrix[i, 2]) = (two[i, 0], two[i, 1]);
        }

        matrix[points, 1] = 1;
        return matrix;
    }
}
