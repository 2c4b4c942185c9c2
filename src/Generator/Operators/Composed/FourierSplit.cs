using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Composed;

/// <summary>
/// A discrete Fourier transform of composite length N = R · C as two products with small matrices (Cooley and Tukey 1965, "four steps"):
/// samples n = C·r + c are R rows of C; columns are transformed, turned by 2π·c·k₁ / N, and then rows, which gives frequency k = k₁ + R·k₂.
/// That is N · (R + C) complex products instead of N².
/// </summary>
/// <param name="Rows">R, transformed first.</param>
/// <param name="Columns">C.</param>
internal sealed record FourierSplit(int Rows, int Columns)
{
    /// <summary>What writing, turning and reordering a sample costs, in multiply-adds of a product.</summary>
    private const int PassesPerSample = 64;

    private int Length => Rows * Columns;

    /// <summary>The split that costs least; null if the product with the whole matrix costs less.</summary>
    /// <param name="length">Length of the transform.</param>
    /// <param name="parts">Parts of a sample: 1 real, 2 complex.</param>
    /// <param name="frequencies">How many frequencies are wanted, from 0 on.</param>
    /// <param name="terms">Terms of the product with the whole matrix.</param>
    /// <param name="results">Results of that.</param>
    public static FourierSplit? Of(long length, int parts, long frequencies, long terms, long results)
    {
        if (length > FourierMatrix.MaxElements)
        {
            return null;
        }

        double whole = (double)terms * RoundUp(results);
        return Enumerable.Range(2, (int)Math.Sqrt(length))
            .Where(d => length % d == 0 && length / d > 1)
            .SelectMany(d => new[] { new FourierSplit(d, (int)(length / d)), new FourierSplit((int)(length / d), d) })
            .Where(s => Math.Max(2L * s.Rows * s.Rows, 4L * s.Columns * s.Kept(frequencies)) <= FourierMatrix.MaxElements)
            .Select(s => (Split: s, Cost: s.Products(parts, frequencies)))
            .Where(c => c.Cost < whole)
            .OrderBy(static c => c.Cost)
            .Select(static c => c.Split)
            .FirstOrDefault();
    }

    /// <summary>What a part of a factor becomes in the real (0) or imaginary (1) part of its product with e^(i · angle).</summary>
    public static double Cell(int part, int result, double angle) => part == result ? Math.Cos(angle) : result == 1 ? Math.Sin(angle) : -Math.Sin(angle);

    /// <summary>Transforms the last two axes [length, parts] into [frequencies, 2].</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="signal">The signal, of any shape in front.</param>
    /// <param name="frequencies">How many frequencies, from 0 on.</param>
    /// <param name="inverse">True for the inverse transform.</param>
    public Value Transform(Composer compose, Value signal, long frequencies, bool inverse)
    {
        int front = signal.Shape.Rank - 2;
        int kept = Kept(frequencies);
        double direction = inverse ? 2 * Math.PI : -2 * Math.PI;
        ElementType type = signal.Type == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32;
        Shape With(params int[] inner) => new(signal.Shape.Extents.Take(front).Concat(inner.Select(static e => (Extent)e)));
        Value Swap(Value value) => compose.Transpose(value, Enumerable.Range(0, front).Concat(new[] { front + 1, front }).Concat(Enumerable.Range(front + 2, value.Shape.Rank - front - 2)).ToArray());

        Value? columns = null;
        for (int part = 0; part < signal.Shape[front + 1]; part++)
        {
            Value rows = compose.Reshape(compose.Cast(compose.Slice(signal, front + 1, part, part + 1), type), With(Rows, Columns));
            Value product = compose.MatMul(Swap(rows), ByRows(compose, type, part, direction));
            columns = columns is null ? product : compose.Add(columns, product);
        }

        Value turned = Turn(compose, compose.Reshape(columns!, With(Columns, 2, Rows)), front, direction);
        Value frequenciesOfRows = compose.MatMul(Swap(compose.Reshape(turned, With(2 * Columns, Rows))), ByColumns(compose, type, kept, direction, inverse ? 1.0 / Length : 1));
        Value ordered = compose.Reshape(Swap(compose.Reshape(frequenciesOfRows, With(Rows, kept, 2))), With(kept * Rows, 2));
        return compose.Cast(compose.Slice(ordered, front, 0, frequencies), signal.Type);
    }

    /// <summary>[row] to [real and imaginary, k₁], of samples' real or imaginary parts.</summary>
    private Value ByRows(Composer compose, ElementType type, int part, double direction) => compose.Numbers(
        type,
        new Shape(Rows, 2 * Rows),
        $"{Rows}, {(part == 0 ? "real" : "imaginary")}, {(direction > 0 ? "inverse" : "forward")}",
        () => Enumerable.Range(0, 2 * Rows * Rows).Select(i => Cell(part, i / Rows % 2, direction * ((long)(i / (2 * Rows)) * (i % Rows) % Rows) / Rows)).ToArray());

    /// <summary>[column, real and imaginary] to [k₂, real and imaginary].</summary>
    private Value ByColumns(Composer compose, ElementType type, int kept, double direction, double scale) => compose.Numbers(
        type,
        new Shape(2 * Columns, 2 * kept),
        $"{Columns} to {kept}, {(direction > 0 ? $"inverse of {Length}" : "forward")}",
        () => Enumerable.Range(0, 4 * Columns * kept).Select(i =>
        {
            (int row, int column) = (i / (2 * kept), i % (2 * kept));
            return scale * Cell(row % 2, column % 2, direction * ((long)(row / 2) * (column / 2) % Columns) / Columns);
        }).ToArray());

    /// <summary>Turns element (c, k₁) by the angle of c · k₁.</summary>
    private Value Turn(Composer compose, Value value, int front, double direction)
    {
        Value Angles(string name, Func<double, double> function) => compose.Numbers(
            value.Type,
            new Shape(Columns, 1, Rows),
            $"{name}, {Columns} by {Rows}, {(direction > 0 ? "inverse" : "forward")}",
            () => Enumerable.Range(0, Length).Select(i => function(direction * ((long)(i / Rows) * (i % Rows)) / Length)).ToArray());
        (Value cos, Value sin) = (Angles("cos", Math.Cos), Angles("sin", Math.Sin));
        Value Part(int part) => compose.Slice(value, front + 1, part, part + 1);
        Value real = compose.Sub(compose.Mul(Part(0), cos), compose.Mul(Part(1), sin));
        return compose.Concat(front + 1, real, compose.Add(compose.Mul(Part(0), sin), compose.Mul(Part(1), cos)));
    }

    /// <summary>How many k₂ the wanted frequencies have.</summary>
    private int Kept(long frequencies) => (int)(((frequencies - 1) / Rows) + 1);

    private double Products(int parts, long frequencies) =>
        (Length * (double)parts * RoundUp(2 * Rows)) + (Rows * 2.0 * Columns * RoundUp(2 * Kept(frequencies))) + ((double)PassesPerSample * Length);

    private static long RoundUp(long columns) => (long)Layout.BlockCount((int)columns) * Layout.BlockSize;
}
