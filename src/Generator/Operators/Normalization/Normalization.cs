using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Normalization;

/// <summary>What a group of elements is brought to.</summary>
internal enum NormalizationKind
{
    /// <summary>(x − mean) / √(variance + ε).</summary>
    Variance,

    /// <summary>(x − mean) / (√variance + ε).</summary>
    Deviation,

    /// <summary>x / √(mean of squares + ε).</summary>
    RootMeanSquare,

    /// <summary>x / Σ|x|; zeros stay zeros.</summary>
    L1,

    /// <summary>x / √Σx²; zeros stay zeros.</summary>
    L2,
}

/// <summary>A normalisation of groups of elements, independent of the operator that asks for it.</summary>
/// <param name="Kind">What a group is brought to.</param>
/// <param name="Epsilon">Guards the division.</param>
/// <param name="View">The shape the input is seen under; as many elements.</param>
/// <param name="Axes">The dimensions of that shape that make up a group, ascending.</param>
/// <param name="Scale">Shape the factors (input 1) are seen under, which broadcasts to the view; null for none.</param>
/// <param name="Shift">Shape the summands (input 2) are seen under; null for none.</param>
internal sealed record Normalization(NormalizationKind Kind, double Epsilon, Shape View, int[] Axes, Shape? Scale = null, Shape? Shift = null)
{
    /// <summary>Formula for comments.</summary>
    public string Formula => Kind switch
    {
        NormalizationKind.Variance => "(x − mean) / √(variance + ε)",
        NormalizationKind.Deviation => "(x − mean) / (√variance + ε)",
        NormalizationKind.RootMeanSquare => "x / √(mean x² + ε)",
        NormalizationKind.L1 => "x / Σ|x|",
        _ => "x / √Σx²",
    };

    /// <summary>Plain evaluation: the result, and each group's mean and factor.</summary>
    public (double[] Results, double[] Means, double[] Factors) Evaluate(Tensor input, Tensor? scale, Tensor? shift)
    {
        int[] groups = ReduceEvaluation.Targets(View, Axes);
        double[] elements = Enumerable.Range(0, groups.Length).Select(i => ElementEvaluation.Read(input, i)).ToArray();
        long size = Axes.Aggregate(1L, (product, axis) => product * View[axis]);
        int count = size == 0 ? 0 : (int)(groups.Length / size);
        var means = new double[count];
        var factors = new double[count];
        if (Kind is NormalizationKind.Variance or NormalizationKind.Deviation)
        {
            Accumulate(groups, elements, means, static x => x);
            means = means.Select(m => m / size).ToArray();
        }

        double[] centered = elements.Select((x, i) => x - means[groups[i]]).ToArray();
        Accumulate(groups, centered, factors, x => Kind == NormalizationKind.L1 ? Math.Abs(x) : x * x);
        factors = factors.Select(s => Factor(s, size)).ToArray();
        var scaleIndex = Scale is null ? default : new BroadcastIndex(Scale, View);
        var shiftIndex = Shift is null ? default : new BroadcastIndex(Shift, View);
        double[] results = centered.Select((x, i) =>
        {
            double y = x * factors[groups[i]];
            y = Scale is null ? y : y * ElementEvaluation.Read(scale!, scaleIndex.Map(i));
            return Shift is null ? y : y + ElementEvaluation.Read(shift!, shiftIndex.Map(i));
        }).ToArray();
        return (results, means, factors);
    }

    private static void Accumulate(int[] groups, double[] elements, double[] sums, Func<double, double> function)
    {
        for (int i = 0; i < groups.Length; i++)
        {
            sums[groups[i]] += function(elements[i]);
        }
    }

    private double Factor(double sum, long size) => Kind switch
    {
        NormalizationKind.Variance or NormalizationKind.RootMeanSquare => 1 / Math.Sqrt((sum / size) + Epsilon),
        NormalizationKind.Deviation => 1 / (Math.Sqrt(sum / size) + Epsilon),
        NormalizationKind.L1 => sum == 0 ? 0 : 1 / sum,
        _ => sum == 0 ? 0 : 1 / Math.Sqrt(sum),
    };
}
