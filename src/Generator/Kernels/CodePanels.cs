using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Weights of products of codes as bytes, in panels [block, term, 64] of four products for each of 16 lanes.</summary>
internal static class CodePanels
{
    /// <summary>Codes of a term: neighbouring bytes that one broadcast brings to all lanes.</summary>
    public const int Quad = ByteStorage.Overread + 1;

    /// <summary>Weights of a term and block.</summary>
    public const int RowLength = Quad * Layout.BlockSize;

    /// <summary>A source element that is not there: its weight is zero.</summary>
    public const int Absent = -1;

    /// <summary>Where a weight is, in whole numbers, as an index in the source.</summary>
    /// <param name="channel">Output channel among all.</param>
    /// <param name="product">Number of the product; four are a term.</param>
    /// <returns>The index, or <see cref="Absent"/>.</returns>
    public delegate int Index(int channel, int product);

    /// <summary>
    /// What is taken off the weights so that signed bytes hold them, and a weight of 0: nothing where they do anyway. Null if they are no
    /// whole numbers, or more than 255 apart.
    /// </summary>
    public static int? OffsetOf(Tensor weights)
    {
        float low = 0;
        float high = 0;
        foreach (float w in weights.Floats())
        {
            if (!(Math.Abs(w) <= byte.MaxValue) || w != (int)w)
            {
                return null;
            }

            low = Math.Min(low, w);
            high = Math.Max(high, w);
        }

        return low >= sbyte.MinValue && high <= sbyte.MaxValue ? 0
            : high - low <= byte.MaxValue ? (int)low - sbyte.MinValue
            : null;
    }

    /// <summary>Terms that hold so many products.</summary>
    public static int TermCount(int products) => (products + Quad - 1) / Quad;

    /// <summary>Packs the weights of all groups.</summary>
    /// <param name="source">Weights that have an <see cref="OffsetOf"/>.</param>
    /// <param name="recipe">Name of the packing with its parameters, unique for the order it makes.</param>
    /// <param name="groups">Groups; each starts a new block.</param>
    /// <param name="channels">Output channels of a group.</param>
    /// <param name="terms">Terms of one output.</param>
    /// <param name="index">Order of the products.</param>
    public static (Tensor Panels, CodeForm Form, int Offset) Pack(Tensor source, string recipe, int groups, int channels, int terms, Index index)
    {
        int blocks = Layout.BlockCount(channels);
        int offset = OffsetOf(source) ?? throw new ArgumentException("bytes do not hold the weights");
        CodeForm form = offset == 0 && PairsFit(source, groups * channels, terms * Quad, index) ? CodeForm.Bytes : CodeForm.Words;
        var shape = new Shape(groups * blocks, terms, RowLength);
        Tensor panels = Panels(source, $"{recipe}·{form}({source.Recipe})", shape, offset, groups, channels, terms * Quad, index, (lane, product) => (product / Quad * RowLength) + Position(lane, product % Quad, form));
        return (panels, form, offset);
    }

    /// <summary>Packs the weights of all groups as panels [block, product, lanes], as f32 weights are.</summary>
    /// <param name="source">Weights that have an <see cref="OffsetOf"/>.</param>
    /// <param name="recipe">Name of the packing with its parameters, unique for the order it makes.</param>
    /// <param name="groups">Groups; each starts a new block.</param>
    /// <param name="channels">Output channels of a group.</param>
    /// <param name="products">Products of one output.</param>
    /// <param name="index">Order of the products.</param>
    public static (Tensor Panels, CodeForm Form, int Offset) PackSingle(Tensor source, string recipe, int groups, int channels, int products, Index index)
    {
        int blocks = Layout.BlockCount(channels);
        int width = Layout.LanesOf(channels, isNarrow: true);
        int offset = OffsetOf(source) ?? throw new ArgumentException("bytes do not hold the weights");
        var shape = new Shape(groups * blocks, products, width);
        Tensor panels = Panels(source, $"{recipe}·{CodeForm.Single}[{width} wide]({source.Recipe})", shape, offset, groups, channels, products, index, (lane, product) => (product * width) + lane);
        return (panels, CodeForm.Single, offset);
    }

    /// <summary>The biases of products of bytes that stand for numbers: what the zero adds to each sum is taken off beforehand.</summary>
    /// <param name="bias">Whole numbers of any type, one for each output channel; null for none.</param>
    /// <param name="source">The weights.</param>
    /// <param name="zero">The byte that stands for 0.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="channels">Output channels of a group.</param>
    /// <param name="products">Products of one output.</param>
    /// <param name="index">Index in the weights of (output channel among all, product).</param>
    /// <returns>i32, padded to whole blocks for each group.</returns>
    public static Tensor Biases(Tensor? bias, Tensor source, int zero, int groups, int channels, int products, Index index)
    {
        int padded = Layout.BlockCount(channels) * Layout.BlockSize;
        var result = new int[groups * padded];
        ReadOnlySpan<float> weights = source.Floats();
        for (int c = 0; c < groups * channels; c++)
        {
            long sum = 0;
            for (int product = 0; product < products; product++)
            {
                sum += Weight(weights, index(c, product));
            }

            double start = bias is null ? 0 : ElementEvaluation.Read(bias, c);
            result[(c / channels * padded) + (c % channels)] = checked((int)((long)start - (zero * sum)));
        }

        return Tensor.Create(ElementType.Int32, new Shape(result.Length), result, $"CodeBias({bias?.Recipe},{source.Recipe},{zero})");
    }

    /// <summary>True if no sum of two neighbouring products leaves 16 bits, whatever the codes.</summary>
    private static bool PairsFit(Tensor source, int channels, int products, Index index)
    {
        ReadOnlySpan<float> weights = source.Floats();
        for (int c = 0; c < channels; c++)
        {
            for (int product = 0; product < products; product += 2)
            {
                int first = Weight(weights, index(c, product));
                int second = Weight(weights, index(c, product + 1));
                if (byte.MaxValue * (Math.Max(0, first) + Math.Max(0, second)) > short.MaxValue
                    || byte.MaxValue * (Math.Min(0, first) + Math.Min(0, second)) < short.MinValue)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Bytes of blocks of channels, where <paramref name="position"/> says for a lane and a product where in its block a weight goes; the rest are zeros.</summary>
    private static Tensor Panels(Tensor source, string recipe, Shape shape, int offset, int groups, int channels, int products, Index index, Func<int, int, int> position) =>
        Tensor.Lazy(ElementType.Int8, shape, recipe, () =>
        {
            ReadOnlySpan<float> weights = source.Floats();
            byte[] bytes = Enumerable.Repeat(unchecked((byte)-offset), (int)shape.ElementCount).ToArray();
            int blockLength = shape[1] * shape[2];
            for (int c = 0; c < groups * channels; c++)
            {
                int lane = c % channels;
                int block = ((c / channels * Layout.BlockCount(channels)) + (lane / Layout.BlockSize)) * blockLength;
                for (int product = 0; product < products; product++)
                {
                    bytes[block + position(lane % Layout.BlockSize, product)] = unchecked((byte)(Weight(weights, index(c, product)) - offset));
                }
            }

            return bytes;
        });

    private static int Weight(ReadOnlySpan<float> weights, int index) => index < 0 ? 0 : (int)weights[index];

    /// <summary>Where in a row the weight of a lane goes that is the given of its four.</summary>
    private static int Position(int lane, int number, CodeForm form) => form == CodeForm.Bytes
        ? (lane * Quad) + number
        : (number % 2 * (RowLength / 2)) + (lane * 2) + (number / 2);
}
