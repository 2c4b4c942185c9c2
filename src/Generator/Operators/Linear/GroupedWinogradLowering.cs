using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// Convolutions in groups by minimal filtering: each group of whole blocks of channels is a convolution of its own, and groups that
/// share a block are one of 16 inputs and outputs, most of whose weights are zeros. The direct sum multiplies by those too. At stride 2
/// a block alone does not pay for its transforms.
/// </summary>
internal static class GroupedWinogradLowering
{
    private const int Block = Layout.BlockSize;

    /// <summary>Adds the steps, or returns false if the convolution is of another kind or the direct sum is as fast.</summary>
    public static bool TryLower(Node node, SpatialWindow window, int groups, TensorView input, LoweringContext context)
    {
        if (groups == 1
            || !WinogradLowering.Applies(window)
            || window.Strides[0] != 1
            || !input.Layout.IsBlocked
            || node.Output.Shape.IsDynamic
            || node.Output.Shape[0] != 1
            || node.Attributes.Flag(Conv.ExactSums, false)
            || node.Required(1).Constant is not { } weights
            || Parts(weights.Shape, groups) is not { } parts)
        {
            return false;
        }

        ConvGrid grid = ConvGrid.Of(window, input.Layout);
        TensorView output = context.Allocate(node.Output);
        int[] behind = input.Layout.Halo?.After ?? new int[2];
        int blocks = node.Output.Shape[1] / parts / Block;
        Tensor[] members = Enumerable.Range(0, parts).Select(part => WeightsOf(weights, groups, part, parts, node.Required(0).Shape[1] / parts)).ToArray();
        OutputStrides OfParts(OutputStrides strides) => strides with { Batch = new[] { blocks * strides.Block } };
        var layer = new WinogradLayer(node.Name, grid, members[0], output, OfParts(grid.OutputStrides(output.Layout, 0)))
        {
            Dilation = WinogradDilation.Of(window),
            InputRows = window.PadsBefore[0] + window.Input[0] + behind[0],
            InputColumns = window.PadsBefore[1] + window.Input[1] + behind[1],
            Parts = members,
            Bias = ConvLowering.ConstantBias(node, zero: null, context),
            Operands = ConvLowering.Operands(node, blocks: 0, context).Select(o => o with { Strides = OfParts(o.Strides) }).ToArray(),
        };
        return WinogradLowering.TryLower(node, layer, input, context);
    }

    /// <summary>How many convolutions of whole blocks there are; null if groups do not fill blocks in that way.</summary>
    private static int? Parts(Shape weights, int groups)
    {
        int inputs = weights[1];
        int outputs = weights[0] / groups;
        return inputs % Block == 0 && outputs % Block == 0 ? groups
            : inputs == outputs && Block % inputs == 0 && weights[0] % Block == 0 ? weights[0] / Block
            : null;
    }

    /// <summary>The weights of a part, [outputs, inputs, rows, columns], zeros where an output does not belong to the input's group.</summary>
    private static Tensor WeightsOf(Tensor weights, int groups, int part, int parts, int inputs)
    {
        Shape w = weights.Shape;
        int outputs = w[0] / parts;
        int taps = w[2] * w[3];
        var shape = new Shape(outputs, inputs, w[2], w[3]);
        return Tensor.LazyFloats(shape, $"Group[{part} of {parts}]({weights.Recipe})", () =>
        {
            ReadOnlySpan<float> source = weights.Floats();
            var result = new float[shape.ElementCount];
            for (int m = 0; m < outputs; m++)
            {
                int output = (part * outputs) + m;
                int start = output / (w[0] / groups) * w[1] % inputs;
                source.Slice(output * w[1] * taps, w[1] * taps).CopyTo(result.AsSpan(((m * inputs) + start) * taps));
            }

            return result;
        });
    }
}
