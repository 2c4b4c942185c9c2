using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Optimization;

/// <summary>
/// Weights and biases with constants multiplied or added in: recipes, computed in double precision and rounded once, when
/// the weights are packed.
/// </summary>
internal static class FoldedWeights
{
    /// <summary>Multiplies every weight by the factor of its channel.</summary>
    /// <param name="weights">The weights, f32.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="source">Where the factors come from.</param>
    /// <param name="channel">Index of the factor for a row-major index of the weights.</param>
    public static Tensor Scale(Tensor weights, double[] factors, string source, Func<int, int> channel) =>
        Tensor.LazyFloats(weights.Shape, $"Scale({weights.Recipe}, {source})", () =>
        {
            ReadOnlySpan<float> values = weights.Floats();
            var result = new float[values.Length];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = (float)(values[i] * factors[channel(i)]);
            }

            return result;
        });

    /// <summary>Some of the taps of weights [M, C, taps…].</summary>
    /// <param name="weights">The weights, f32.</param>
    /// <param name="first">First tap to keep, one entry per spatial dimension.</param>
    /// <param name="counts">Taps to keep.</param>
    public static Tensor Crop(Tensor weights, int[] first, int[] counts)
    {
        Shape shape = weights.Shape;
        var cropped = new Shape(shape.Dimensions.Take(2).Concat(counts));
        string ranges = string.Join(", ", first.Select((f, d) => $"{f}..{f + counts[d]}"));
        return Tensor.LazyFloats(cropped, $"Crop({weights.Recipe}, {ranges})", () =>
        {
            ReadOnlySpan<float> values = weights.Floats();
            long[] strides = shape.RowMajorStrides();
            var result = new float[cropped.ElementCount];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = values[WithinTaps(i, cropped, first, strides)];
            }

            return result;
        });
    }

    /// <summary>The sum of two weights [M, C, taps…] under one window.</summary>
    /// <param name="left">Weights, f32.</param>
    /// <param name="leftFirst">Where their taps begin in the window.</param>
    /// <param name="right">Weights with the same outputs and channels.</param>
    /// <param name="rightFirst">Where theirs begin.</param>
    /// <param name="kernel">Taps of the window.</param>
    public static Tensor SumOfTaps(Tensor left, int[] leftFirst, Tensor right, int[] rightFirst, int[] kernel)
    {
        var shape = new Shape(left.Shape.Dimensions.Take(2).Concat(kernel));
        return Tensor.LazyFloats(
            shape,
            $"Sum({left.Recipe} at {string.Join(", ", leftFirst)}; {right.Recipe} at {string.Join(", ", rightFirst)}; {string.Join("×", kernel)})",
            () =>
            {
                var result = new float[shape.ElementCount];
                AddTaps(left, leftFirst, shape, result);
                AddTaps(right, rightFirst, shape, result);
                return result;
            });
    }

    private static void AddTaps(Tensor weights, int[] first, Shape shape, float[] sums)
    {
        ReadOnlySpan<float> values = weights.Floats();
        long[] strides = shape.RowMajorStrides();
        for (int i = 0; i < values.Length; i++)
        {
            sums[WithinTaps(i, weights.Shape, first, strides)] += values[i];
        }
    }

    /// <summary>Where an element of weights [M, C, taps…] is among weights with more taps, theirs beginning at tap <paramref name="first"/>.</summary>
    private static int WithinTaps(int index, Shape shape, int[] first, long[] strides)
    {
        long result = 0;
        for (int d = shape.Rank - 1, rest = index; d >= 0; rest /= shape[d], d--)
        {
            result += ((rest % shape[d]) + (d >= 2 ? first[d - 2] : 0)) * strides[d];
        }

        return (int)result;
    }

    /// <summary>The slices along one dimension in another order: slice i of the result is slice <c>order[i]</c>.</summary>
    public static Tensor Permute(Tensor weights, int axis, int[] order) =>
        Tensor.LazyFloats(weights.Shape, $"Permute({weights.Recipe}, {axis}: {string.Join(" ", order)})", () =>
        {
            ReadOnlySpan<float> values = weights.Floats();
            int slice = (int)weights.Shape.Product(axis + 1, weights.Shape.Rank);
            int extent = weights.Shape[axis];
            var result = new float[values.Length];
            for (int i = 0; i < values.Length / slice; i++)
            {
                values.Slice((i / extent * extent * slice) + (order[i % extent] * slice), slice).CopyTo(result.AsSpan(i * slice));
            }

            return result;
        });

    /// <summary>Tensors one behind the other along their first dimension.</summary>
    public static Tensor Join(IReadOnlyList<Tensor> parts) =>
        Tensor.LazyFloats(parts[0].Shape.With(0, parts.Sum(static p => p.Shape[0])), $"Join({string.Join(", ", parts.Select(static p => p.Recipe))})", () =>
        {
            var result = new float[parts.Sum(static p => p.Shape.ElementCount)];
            int at = 0;
            foreach (Tensor part in parts)
            {
                part.Floats().CopyTo(result.AsSpan(at));
                at += (int)part.Shape.ElementCount;
            }

            return result;
        });

    /// <summary>Weights [M, C / groups, taps…] of a grouped convolution as weights [M, C, taps…] of an ungrouped one, with zeros for other groups' channels.</summary>
    /// <param name="weights">The weights, f32.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="order">Channel c of the groups is channel <c>order[c]</c> of the input.</param>
    public static Tensor Spread(Tensor weights, int groups, int[] order)
    {
        Shape shape = weights.Shape;
        return Tensor.LazyFloats(shape.With(1, order.Length), $"Spread({weights.Recipe}, {groups}: {string.Join(" ", order)})", () =>
        {
            ReadOnlySpan<float> values = weights.Floats();
            int taps = (int)shape.Product(2, shape.Rank);
            var result = new float[shape[0] * order.Length * taps];
            for (int i = 0; i < shape[0] * shape[1]; i++)
            {
                int m = i / shape[1];
                int channel = order[(m / (shape[0] / groups) * shape[1]) + (i % shape[1])];
                values.Slice(i * taps, taps).CopyTo(result.AsSpan(((m * order.Length) + channel) * taps));
            }

            return result;
        });
    }

    /// <summary>bias · scale + shift per channel; an absent bias is zero.</summary>
    public static Tensor Affine(Tensor? bias, ChannelAffine affine) =>
        Tensor.LazyFloats(new Shape(affine.Scale.Length), $"Affine({bias?.Recipe ?? "0"}, {affine.Source})", () =>
        {
            var result = new float[affine.Scale.Length];
            for (int c = 0; c < result.Length; c++)
            {
                result[c] = (float)(((bias is null ? 0 : bias.Floats()[c]) * affine.Scale[c]) + affine.Shift[c]);
            }

            return result;
        });

    /// <summary>Biases [D, 2 · N] as one vector [D · N]: the first half of each row and the second one, added.</summary>
    public static Tensor SumOfHalves(Tensor bias)
    {
        int columns = bias.Shape[1] / 2;
        return Tensor.LazyFloats(new Shape(bias.Shape[0] * columns), $"SumOfHalves({bias.Recipe})", () =>
        {
            ReadOnlySpan<float> values = bias.Floats();
            var result = new float[values.Length / 2];
            for (int i = 0; i < result.Length; i++)
            {
                int first = (i / columns * 2 * columns) + (i % columns);
                result[i] = (float)((double)values[first] + values[first + columns]);
            }

            return result;
        });
    }

    /// <summary>Gemm's C with its factor, then scaled and shifted per column; an absent C is zero.</summary>
    public static Tensor AffineRows(Tensor? c, double beta, ChannelAffine affine)
    {
        int columns = affine.Scale.Length;
        var row = new Shape(columns);
        Shape shape = c is null ? row : Shape.Broadcast(c.Shape, row)!;
        return Tensor.LazyFloats(shape, $"Affine({c?.Recipe ?? "0"}, {affine.Source})", () =>
        {
            var result = new float[shape.ElementCount];
            var index = new BroadcastIndex(c?.Shape ?? Shape.Scalar, shape);
            for (int i = 0; i < result.Length; i++)
            {
                double value = c is null ? 0 : beta * ElementEvaluation.Read(c, index.Map(i));
                result[i] = (float)((value * affine.Scale[i % columns]) + affine.Shift[i % columns]);
            }

            return result;
        });
    }

    /// <summary>The bias of a convolution whose inputs are all shifted: bias[m] + Σ w[m, c, …] · shift[c].</summary>
    /// <param name="bias">The bias before, or null.</param>
    /// <param name="weights">Weights [M, C / groups, taps…], before they are scaled.</param>
    /// <param name="affine">What happened to the input.</param>
    /// <param name="groups">Groups of the convolution.</param>
    public static Tensor ShiftedBias(Tensor? bias, Tensor weights, ChannelAffine affine, int groups) =>
        Tensor.LazyFloats(new Shape(weights.Shape[0]), $"ShiftedBias({bias?.Recipe ?? "0"}, {weights.Recipe}, {affine.Source})", () =>
        {
            Shape shape = weights.Shape;
            ReadOnlySpan<float> values = weights.Floats();
            int taps = (int)shape.Product(2, shape.Rank);
            var result = new float[shape[0]];
            for (int m = 0; m < result.Length; m++)
            {
                int first = m / (shape[0] / groups) * shape[1];
                double sum = bias is null ? 0 : bias.Floats()[m];
                for (int i = 0; i < shape[1] * taps; i++)
                {
                    sum += values[(m * shape[1] * taps) + i] * affine.Shift[first + (i / taps)];
                }

                result[m] = (float)sum;
            }

            return result;
        });
}
