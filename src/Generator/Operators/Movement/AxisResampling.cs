using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>How the elements of one output axis are weighted sums of elements of the same input axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="InputLength">Its length in the input.</param>
/// <param name="OutputLength">Its length in the output.</param>
/// <param name="Taps">Summands of each output element.</param>
/// <param name="Indices">[OutputLength, Taps] input positions, clamped to the axis.</param>
/// <param name="Weights">[OutputLength, Taps] factors; null if each output element is one input element.</param>
/// <param name="First">First output element that is not extrapolated.</param>
/// <param name="End">Behind the last output element that is not extrapolated.</param>
internal sealed record AxisResampling(int Axis, int InputLength, int OutputLength, int Taps, int[] Indices, double[]? Weights, int First, int End)
{
    /// <summary>How much longer sums along rows take than sums of rows.</summary>
    private const double RowCost = 3;

    // Factors are differences of positions, rounded where they are computed.
    private const double FactorTolerance = 1e-6;

    /// <summary>
    /// What resampling the axis before others saves: the axis with the most goes first. Of two orders of axes with lengths scaled by r and
    /// costs k of an element, that with the greater (1/r - 1) / k first costs less.
    /// </summary>
    /// <param name="rank">Axes of the tensor.</param>
    public double Precedence(int rank) =>
        (((double)InputLength / Math.Max(1, OutputLength)) - 1) / (Taps * (Axis == rank - 1 ? RowCost : 1));

    /// <summary>True if the output axis is the input axis.</summary>
    public bool IsIdentity => InputLength == OutputLength && IsCopy && Indices.SequenceEqual(Enumerable.Range(0, OutputLength));

    /// <summary>True if elements are only moved, none weighted or extrapolated.</summary>
    public bool IsCopy => Weights is null && First == 0 && End == OutputLength;

    /// <summary>How often each input element is repeated in a row, or null if the axis is anything else.</summary>
    public int? Repeat
    {
        get
        {
            if (!IsCopy || InputLength == 0 || OutputLength % InputLength != 0)
            {
                return null;
            }

            int factor = OutputLength / InputLength;
            return Indices.Where((source, i) => source != i / factor).Any() ? null : factor;
        }
    }

    /// <summary>True if this is what a longer axis is at its beginning, positions behind the end of this axis' input clamped to its last.</summary>
    public bool IsBeginningOf(AxisResampling longer)
    {
        if (Axis != longer.Axis || First != 0 || End != OutputLength || longer.First != 0 || longer.End != longer.OutputLength
            || OutputLength > longer.OutputLength)
        {
            return false;
        }

        for (int i = 0; i < OutputLength; i++)
        {
            Dictionary<int, double> own = Factors(i, InputLength - 1);
            Dictionary<int, double> others = longer.Factors(i, InputLength - 1);
            if (own.Count != others.Count || own.Any(f => !others.TryGetValue(f.Key, out double other) || Math.Abs(f.Value - other) > FactorTolerance))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The factor of each input position that an output element has, those behind the last counted there.</summary>
    private Dictionary<int, double> Factors(int position, int last)
    {
        var factors = new Dictionary<int, double>();
        for (int t = position * Taps; t < (position + 1) * Taps; t++)
        {
            int index = Math.Min(Indices[t], last);
            factors[index] = (factors.TryGetValue(index, out double sum) ? sum : 0) + (Weights?[t] ?? 1);
        }

        return factors.Where(static f => f.Value != 0).ToDictionary(static f => f.Key, static f => f.Value);
    }

    /// <summary>Removes weights that do nothing: every sum has one summand with the factor 1.</summary>
    public AxisResampling Simplify()
    {
        if (Weights is null || First != 0 || End != OutputLength)
        {
            return this;
        }

        var indices = new int[OutputLength];
        for (int i = 0; i < OutputLength; i++)
        {
            int found = -1;
            for (int t = i * Taps; t < (i + 1) * Taps; t++)
            {
                if (Weights[t] == 1)
                {
                    found = t;
                }
                else if (Weights[t] != 0)
                {
                    return this;
                }
            }

            if (found < 0)
            {
                return this;
            }

            indices[i] = Indices[found];
        }

        return this with { Taps = 1, Indices = indices, Weights = null };
    }

    /// <summary>Applies the axis to a constant of any type if it only copies, of f32 or f64 otherwise; sums in double precision.</summary>
    public Tensor Evaluate(Tensor source, double extrapolation)
    {
        Shape shape = source.Shape.With(Axis, OutputLength);
        long inner = shape.Product(Axis + 1, shape.Rank);
        long Source(int element, int tap)
        {
            long row = element / inner;
            return (((row / OutputLength * InputLength) + Indices[(row % OutputLength * Taps) + tap]) * inner) + (element % inner);
        }

        if (IsCopy)
        {
            return ElementMovement.Pick(source, shape, i => Source(i, 0));
        }

        var bytes = new byte[checked((int)(shape.ElementCount * source.Type.Size()))];
        for (int i = 0; i < shape.ElementCount; i++)
        {
            int position = (int)(i / inner % OutputLength);
            double sum = extrapolation;
            if (position >= First && position < End)
            {
                sum = 0;
                for (int t = 0; t < Taps; t++)
                {
                    sum += (Weights?[(position * Taps) + t] ?? 1) * ElementEvaluation.Read(source, (int)Source(i, t));
                }
            }

            ElementEvaluation.Write(bytes, source.Type, i, sum);
        }

        return Tensor.FromBytes(source.Type, shape, bytes, "Resize");
    }
}
