using System;
using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Discrete Fourier transforms as products with constant matrices.</summary>
internal static class FourierMatrix
{
    /// <summary>Largest number of elements of a matrix.</summary>
    private const long MaxElements = 1 << 25;

    /// <summary>Elements up to which the product is computed in f64: it costs little, and what cancels leaves no more than f32 rounding.</summary>
    private const long ExactElements = 1 << 13;

    /// <summary>Transforms the last two axes [samples, parts] into [frequencies, parts]; one part is real, two are complex.</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="length">Length of the transform: shorter signals are filled up with zeros, longer ones cut.</param>
    /// <param name="inverse">True for the inverse transform.</param>
    /// <param name="onesided">True for the first length / 2 + 1 frequencies only; of an inverse transform, that the input has only these and the result is real.</param>
    public static Value Transform(Composer compose, Value signal, long length, bool inverse, bool onesided)
    {
        int rank = signal.Shape.Rank;
        (int samples, int parts) = (signal.Shape[rank - 2], signal.Shape[rank - 1]);
        compose.Check(parts is 1 or 2 && length > 0, "the last axis must have 1 or 2 parts, and the length must be positive");
        bool real = inverse && onesided;
        long half = (length / 2) + 1;
        long used = Math.Min(samples, real ? half : length);
        long frequencies = onesided && !inverse ? half : length;
        int results = real ? 1 : 2;
        compose.Check(used * parts * (double)frequencies * results <= MaxElements, $"a transform of length {length} is not supported; the matrix would have more than {MaxElements} elements");
        var matrix = new double[used * parts * frequencies * results];
        for (long n = 0; n < used; n++)
        {
            for (long k = 0; k < frequencies; k++)
            {
                double angle = 2 * Math.PI * (n * k % length) / length * (inverse ? 1 : -1);
                double scale = (inverse ? 1.0 / length : 1) * (real && n != 0 && 2 * n != length ? 2 : 1);
                (double cos, double sin) = (scale * Math.Cos(angle), scale * Math.Sin(angle));
                void Set(int part, int result, double value) => matrix[((((n * parts) + part) * frequencies) + k) * results + result] = value;
                Set(0, 0, cos);
                if (results == 2)
                {
                    Set(0, 1, sin);
                }

                if (parts == 2)
                {
                    Set(1, 0, -sin);
                    if (results == 2)
                    {
                        Set(1, 1, cos);
                    }
                }
            }
        }

        Value cut = compose.Slice(signal, rank - 2, 0, used);
        Shape With(params int[] inner)
        {
            var all = new List<Extent>();
            for (int i = 0; i < rank - 2; i++)
            {
                all.Add(signal.Shape.Extent(i));
            }

            foreach (int extent in inner)
            {
                all.Add(extent);
            }

            return new Shape(all);
        }

        ElementType type = matrix.Length <= ExactElements ? ElementType.Float64 : signal.Type;
        Value rows = compose.Cast(compose.Reshape(cut, With((int)(used * parts))), type);
        Value weights = compose.Numbers(type, new Shape((int)(used * parts), (int)(frequencies * results)), matrix);
        return compose.Reshape(compose.Cast(compose.MatMul(rows, weights), signal.Type), With((int)frequencies, results));
    }
}
