using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators.Movement;

namespace AotCompiler.Optimization;

/// <summary>
/// A permutation of channels from primitives: a Reshape that splits the channels in two factors, a Transpose that swaps them, and a
/// Reshape back.
/// </summary>
/// <param name="Source">What is permuted.</param>
/// <param name="Order">Channel c of the result is channel <c>Order[c]</c> of the source.</param>
internal sealed record ChannelShuffle(Value Source, int[] Order)
{
    /// <summary>The permutation that makes a value [N, C, spatial…], or null.</summary>
    public static ChannelShuffle? Of(Value? value)
    {
        if (value.MakerOf("Reshape") is not { } join
            || join.Input(0).MakerOf("Transpose") is not { } transpose
            || transpose.Input(0).MakerOf("Reshape") is not { } split)
        {
            return null;
        }

        Value source = split.Required(0);
        Shape shape = source.Shape;
        Shape factors = split.Output.Shape;
        int[] permutation = Transpose.Permutation(transpose);
        bool swaps = permutation.Length >= 3 && permutation[0] == 0 && permutation[1] == 2 && permutation[2] == 1 && permutation.Skip(3).SequenceEqual(Enumerable.Range(3, permutation.Length - 3));
        if (!swaps || shape.IsDynamic || shape.Rank < 3 || !value!.Shape.Equals(shape) || factors[0] != shape[0] || factors[1] * factors[2] != shape[1])
        {
            return null;
        }

        int outer = factors[1];
        int inner = factors[2];
        return new ChannelShuffle(source, Enumerable.Range(0, shape[1]).Select(c => (c % outer * inner) + (c / outer)).ToArray());
    }

    /// <summary>Channel c of the source becomes channel <c>Inverse[c]</c> of the result.</summary>
    public int[] Inverse()
    {
        var inverse = new int[Order.Length];
        for (int c = 0; c < Order.Length; c++)
        {
            inverse[Order[c]] = c;
        }

        return inverse;
    }
}
