using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Discrete Fourier transforms as products with constant matrices.</summary>
internal static class FourierMatrix
{
    /// <summary>Largest number of elements of a matrix, and of samples.</summary>
    public const long MaxElements = 1 << 25;

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
        if (FourierSplit.Of(length, parts, frequencies, used * parts, frequencies * results) is { } split)
        {
            return real ? RealSplit(compose, signal, split, length) : split.Transform(compose, Fit(compose, signal, length), frequencies, inverse);
        }

        compose.Check(used * parts * (double)frequencies * results <= MaxElements, $"a transform of length {length} is not supported; the matrix would have more than {MaxElements} elements");
        long elements = used * parts * frequencies * results;
        double[] Matrix() => Enumerable.Range(0, (int)elements).Select(i =>
        {
            (int row, int column) = (i / (int)(frequencies * results), i % (int)(frequencies * results));
            (long n, long k) = (row / parts, column / results);
            double scale = (inverse ? 1.0 / length : 1) * (real && n != 0 && 2 * n != length ? 2 : 1);
            return scale * FourierSplit.Cell(row % parts, column % results, (inverse ? 2 : -2) * Math.PI * (n * k % length) / length);
        }).ToArray();

        ElementType type = elements <= ExactElements ? ElementType.Float64 : signal.Type;
        Shape With(params int[] inner) => new(signal.Shape.Extents.Take(rank - 2).Concat(inner.Select(static e => (Extent)e)));
        Value rows = compose.Cast(compose.Reshape(compose.Slice(signal, rank - 2, 0, used), With((int)(used * parts))), type);
        string recipe = $"{length}, {used}, {parts}{(inverse ? ", inverse" : string.Empty)}{(onesided ? ", one side" : string.Empty)}";
        Value weights = compose.Numbers(type, new Shape((int)(used * parts), (int)(frequencies * results)), recipe, Matrix);
        return compose.Reshape(compose.Cast(compose.MatMul(rows, weights), signal.Type), With((int)frequencies, results));
    }

    /// <summary>The real signal that has these frequencies: but for the first, and the last of an even length, each stands for two.</summary>
    private static Value RealSplit(Composer compose, Value frequencies, FourierSplit split, long length)
    {
        int axis = frequencies.Shape.Rank - 2;
        Value half = Fit(compose, frequencies, (length / 2) + 1);
        int count = half.Shape[axis];
        double[] Twice() => Enumerable.Range(0, count).Select(n => n == 0 || 2L * n == length ? 1.0 : 2).ToArray();
        Value all = Fit(compose, compose.Mul(half, compose.Numbers(half.Type, new Shape(count, 1), $"twice but for ends, {length}", Twice)), length);
        return compose.Slice(split.Transform(compose, all, length, inverse: true), axis + 1, 0, 1);
    }

    /// <summary>The first samples of a signal, or all with zeros behind.</summary>
    private static Value Fit(Composer compose, Value signal, long length)
    {
        int axis = signal.Shape.Rank - 2;
        long missing = Math.Max(0, length - signal.Shape[axis]);
        long[] none = new long[signal.Shape.Rank];
        return missing == 0 ? compose.Slice(signal, axis, 0, length) : compose.Pad(signal, none, none.Select((_, i) => i == axis ? missing : 0).ToArray());
    }

    /// <summary>As <see cref="Transform"/>, for a signal or a length of the run, which computes the matrix too.</summary>
    public static Value TransformAtRunTime(Composer compose, Value signal, Extent length, bool inverse, bool onesided)
    {
        int rank = signal.Shape.Rank;
        int parts = signal.Shape[rank - 1];
        bool real = inverse && onesided;
        Size half = length.Expression.FloorDivide(2) + Size.Of(1);
        Size limit = real ? half : length.Expression;
        Extent used = Extent.Of(Size.Min(signal.Shape.Extent(rank - 2).Expression, limit));
        Extent frequencies = Extent.Of(onesided && !inverse ? half : length.Expression);
        compose.Check(parts is 1 or 2, "the last axis must have 1 or 2 parts");
        compose.Check(used.Maximum * (double)frequencies.Maximum <= MaxElements, $"a transform of length {length} is not supported; the matrix would have more than {MaxElements} elements");
        Value cut = used == signal.Shape.Extent(rank - 2) ? signal : compose.Op("Slice", signal, compose.Ints(0), compose.Context.SizeVector(new[] { limit }), compose.Ints(rank - 2));
        (Value cosines, Value sines) = Matrix(compose, used, frequencies, length, signal.Type, inverse, real);
        Value Part(int part) => compose.Squeeze(compose.Slice(cut, rank - 1, part, part + 1), rank - 1);
        Value realPart = compose.MatMul(Part(0), cosines);
        realPart = parts == 2 ? compose.Sub(realPart, compose.MatMul(Part(1), sines)) : realPart;
        if (real)
        {
            return compose.Unsqueeze(realPart, rank - 1);
        }

        Value imaginary = compose.MatMul(Part(0), sines);
        imaginary = parts == 2 ? compose.Add(imaginary, compose.MatMul(Part(1), cosines)) : imaginary;
        return compose.Concat(rank - 1, compose.Unsqueeze(realPart, rank - 1), compose.Unsqueeze(imaginary, rank - 1));
    }

    /// <summary>cos and sin of ±2π · n · k / length, of n samples and k frequencies, scaled as the inverse transform asks.</summary>
    private static (Value Cosines, Value Sines) Matrix(Composer compose, Extent samples, Extent frequencies, Extent length, ElementType type, bool inverse, bool real)
    {
        Value Whole(long number) => compose.Scalar(number, ElementType.Int64);
        Value Number(double number) => compose.Scalar(number, type);
        Value Counting(Extent count) => compose.Op("Range", Whole(0), compose.Context.Dimension(count), Whole(1));
        Value n = compose.Unsqueeze(Counting(samples), 1);
        Value whole = compose.Context.Dimension(length);
        Value turns = compose.Op("Mod", compose.Mul(n, compose.Unsqueeze(Counting(frequencies), 0)), whole);
        Value total = compose.Cast(whole, type);
        Value angles = compose.Mul(compose.Cast(turns, type), compose.Div(Number(inverse ? 2 * Math.PI : -2 * Math.PI), total));
        (Value cosines, Value sines) = (compose.Op("Cos", angles), compose.Op("Sin", angles));
        if (!inverse)
        {
            return (cosines, sines);
        }

        Value scale = compose.Div(Number(1), total);
        if (real)
        {
            // All but the first, and the last of an even length, stand for two.
            Value IsOne(Value a, Value b) => compose.Cast(compose.Op("Equal", a, b), type);
            scale = compose.Mul(scale, compose.Sub(compose.Sub(Number(2), IsOne(n, Whole(0))), IsOne(compose.Mul(n, Whole(2)), whole)));
        }

        return (compose.Mul(cosines, scale), compose.Mul(sines, scale));
    }
}
