using System;
using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Brings constant weights into panels [block, reduction, 16]: the order in which a contraction reads them.</summary>
internal static class PanelPacker
{
    /// <summary>A source element that is not there: its weight is zero.</summary>
    public const int Absent = -1;

    /// <summary>Packs f32 weights.</summary>
    /// <param name="source">The weights, any shape.</param>
    /// <param name="recipe">Name of the packing with its parameters, unique for the order it makes.</param>
    /// <param name="groups">Groups; each starts a new block.</param>
    /// <param name="channels">Output channels of a group; the last block of a group is filled with zeros.</param>
    /// <param name="terms">Terms of one sum.</param>
    /// <param name="index">Index in <paramref name="source"/> for (output channel among all, term), or <see cref="Absent"/>.</param>
    /// <param name="scale">Factor on every weight.</param>
    /// <param name="isNarrow">True if a single block is as wide as it has channels.</param>
    public static Tensor Pack(
        Tensor source, string recipe, int groups, int channels, int terms, Func<int, int, int> index, float scale = 1, bool isNarrow = false)
    {
        int blocks = Layout.BlockCount(channels);
        int width = Layout.LanesOf(channels, isNarrow);
        var shape = new Shape(groups * blocks, terms, width);
        string widths = width == Layout.BlockSize ? string.Empty : $"[{width} wide]";
        return Tensor.LazyFloats(shape, $"{recipe}{widths}({source.Recipe})", () =>
        {
            ReadOnlySpan<float> weights = source.Floats();
            var panels = new float[shape.ElementCount];
            int at = 0;
            for (int g = 0; g < groups; g++)
            {
                for (int b = 0; b < blocks; b++)
                {
                    int lanes = Math.Min(Layout.BlockSize, channels - (b * Layout.BlockSize));
                    int first = (g * channels) + (b * Layout.BlockSize);
                    for (int t = 0; t < terms; t++, at += width)
                    {
                        for (int lane = 0; lane < lanes; lane++)
                        {
                            int i = index(first + lane, t);
                            panels[at + lane] = i < 0 ? 0 : weights[i] * scale;
                        }
                    }
                }
            }

            return panels;
        });
    }

    /// <summary>Packs one matrix of weights of any type in the same order, as they are.</summary>
    /// <param name="source">The weights, any shape.</param>
    /// <param name="recipe">Name of the packing with its parameters, unique for the order it makes.</param>
    /// <param name="columns">Columns, the last block of which is filled with zeros.</param>
    /// <param name="terms">Terms of one sum.</param>
    /// <param name="index">Index in <paramref name="source"/> for (column, term).</param>
    /// <param name="isNarrow">True if a single block is as wide as it has columns.</param>
    public static Tensor PackElements(Tensor source, string recipe, int columns, int terms, Func<int, int, int> index, bool isNarrow)
    {
        int width = Layout.LanesOf(columns, isNarrow);
        int size = source.Type.Size();
        var shape = new Shape(Layout.BlockCount(columns), terms, width);
        string widths = width == Layout.BlockSize ? string.Empty : $"[{width} wide]";
        return Tensor.Lazy(source.Type, shape, $"{recipe}{widths}({source.Recipe})", () =>
        {
            ReadOnlySpan<byte> weights = source.Bytes;
            var panels = new byte[shape.ElementCount * size];
            for (int column = 0; column < columns; column++)
            {
                int first = (column / Layout.BlockSize * terms * width) + (column % Layout.BlockSize);
                for (int t = 0; t < terms; t++)
                {
                    weights.Slice(index(column, t) * size, size).CopyTo(panels.AsSpan((first + (t * width)) * size));
                }
            }

            return panels;
        });
    }

    /// <summary>Packs f32 weights of few outputs as [terms / 16, output, 16]: vectors of 16 terms.</summary>
    /// <param name="source">The weights, any shape.</param>
    /// <param name="recipe">Name of the packing with its parameters, unique for the order it makes.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="terms">Terms of one sum, a multiple of 16.</param>
    /// <param name="index">Index in <paramref name="source"/> for (output, term).</param>
    public static Tensor PackLanes(Tensor source, string recipe, int outputs, int terms, Func<int, int, int> index)
    {
        var shape = new Shape(terms / Layout.BlockSize, outputs, Layout.BlockSize);
        return Tensor.LazyFloats(shape, $"{recipe}({source.Recipe})", () =>
        {
            ReadOnlySpan<float> weights = source.Floats();
            var vectors = new float[shape.ElementCount];
            for (int i = 0; i < vectors.Length; i++)
            {
                int term = (i / (outputs * Layout.BlockSize) * Layout.BlockSize) + (i % Layout.BlockSize);
                int from = index(i / Layout.BlockSize % outputs, term);
                vectors[i] = from < 0 ? 0 : weights[from];
            }

            return vectors;
        });
    }

    /// <summary>A bias with zeros up to whole blocks, per group.</summary>
    public static Tensor PadBias(Tensor bias, int groups, int channels, float scale = 1)
    {
        int padded = Layout.BlockCount(channels) * Layout.BlockSize;
        if (groups * channels == groups * padded && scale == 1)
        {
            return bias.Reshape(new Shape(groups * channels));
        }

        return Tensor.LazyFloats(new Shape(groups * padded), $"PadBias({bias.Recipe})", () =>
        {
            ReadOnlySpan<float> source = bias.Floats();
            var result = new float[groups * padded];
            for (int g = 0; g < groups; g++)
            {
                for (int c = 0; c < channels; c++)
                {
                    result[(g * padded) + c] = source[(g * channels) + c] * scale;
                }
            }

            return result;
        });
    }
}
