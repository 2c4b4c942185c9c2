using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// The sum of two convolutions of one input is one convolution with the sum of their weights, each tap at the cell it reads: networks that are
/// trained with parallel branches (RepVGG, MobileOne) and exported as trained. Only where the joint window has no more taps than both
/// windows together.
/// </summary>
internal sealed class ParallelConvolutions : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!node.Is("Add")
            || Branch(node.Input(0), rewriter) is not { } left
            || Branch(node.Input(1), rewriter) is not { } right
            || ReferenceEquals(left, right)
            || !AreAlike(left, right)
            || Joint.Of(Conv.Window(left), Conv.Window(right)) is not { } joint)
        {
            return false;
        }

        Tensor weights = FoldedWeights.SumOfTaps(left.Required(1).Constant!, joint.Left, right.Required(1).Constant!, joint.Right, joint.Kernel);
        AttributeMap attributes = left.Attributes.Clone();
        attributes.Remove("auto_pad");
        attributes.Set("kernel_shape", joint.Kernel.Select(static k => (long)k).ToArray())
            .Set("dilations", joint.Dilations.Select(static d => (long)d).ToArray())
            .Set("pads", joint.PadsBefore.Concat(joint.PadsAfter).Select(static p => (long)p).ToArray());
        Value?[] inputs = { left.Required(0), rewriter.Constant(weights, left.Required(1).Name), Bias(left, right, rewriter) };
        Value sum = rewriter.InsertNode(left.Operator, node.Name, attributes, inputs, 1)[0];
        rewriter.ReplaceNode(node, sum);
        return true;
    }

    /// <summary>The convolution with constant weights that makes a value for one reader only.</summary>
    private static Node? Branch(Value? value, GraphRewriter rewriter) => value.MakerOf("Conv") is { Epilogue: null } conv
        && rewriter.HasSingleUse(conv.Output)
        && conv.Output.Type == ElementType.Float32
        && !conv.Output.Shape.IsDynamic
        && conv.Required(1).IsConstant
        && conv.Input(2) is null or { IsConstant: true }
        && !conv.Attributes.Has(Conv.ExactSums)
        && !conv.Attributes.Has(Conv.GroupInputs)
        ? conv
        : null;

    private static bool AreAlike(Node left, Node right) => ReferenceEquals(left.Required(0), right.Required(0))
        && left.Output.Shape.Equals(right.Output.Shape)
        && Conv.Groups(left) == Conv.Groups(right)
        && Conv.Window(left).Strides.SequenceEqual(Conv.Window(right).Strides);

    private static Value? Bias(Node left, Node right, GraphRewriter rewriter) => (left.Input(2), right.Input(2)) switch
    {
        ({ } a, { } b) => GraphRewriter.Fold(rewriter.Insert("Add", $"{left.Name}.bias", new[] { a, b })),
        var (a, b) => a ?? b,
    };

    /// <summary>The window over the taps of two.</summary>
    /// <param name="Kernel">Its taps.</param>
    /// <param name="Dilations">Cells from one tap to the next.</param>
    /// <param name="PadsBefore">Padding before.</param>
    /// <param name="PadsAfter">Padding behind.</param>
    /// <param name="Left">Where the first window's taps begin in it.</param>
    /// <param name="Right">Where the second's do.</param>
    private sealed record Joint(int[] Kernel, int[] Dilations, int[] PadsBefore, int[] PadsAfter, int[] Left, int[] Right)
    {
        /// <summary>The joint window; null if it has more taps than both, or its taps are not evenly spaced.</summary>
        public static Joint? Of(SpatialWindow left, SpatialWindow right)
        {
            int rank = left.Rank;
            var joint = new Joint(new int[rank], new int[rank], new int[rank], new int[rank], new int[rank], new int[rank]);
            long taps = 1;
            for (int d = 0; d < rank; d++)
            {
                // A single tap fits into any spacing.
                int dilation = left.Kernel[d] > 1 ? left.Dilations[d] : right.Dilations[d];
                int before = Math.Max(left.PadsBefore[d], right.PadsBefore[d]);
                if ((right.Kernel[d] > 1 && right.Dilations[d] != dilation)
                    || (before - left.PadsBefore[d]) % dilation != 0
                    || (before - right.PadsBefore[d]) % dilation != 0)
                {
                    return null;
                }

                joint.Left[d] = (before - left.PadsBefore[d]) / dilation;
                joint.Right[d] = (before - right.PadsBefore[d]) / dilation;
                joint.Kernel[d] = Math.Max(joint.Left[d] + left.Kernel[d], joint.Right[d] + right.Kernel[d]);
                joint.Dilations[d] = dilation;
                joint.PadsBefore[d] = before;
                joint.PadsAfter[d] = ((left.Output[d] - 1) * left.Strides[d]) + ((joint.Kernel[d] - 1) * dilation) + 1 - before - left.Input[d];
                if (joint.PadsAfter[d] <= -left.Strides[d])
                {
                    return null;
                }

                // Cells that no window reads are left over behind the last one.
                joint.PadsAfter[d] = Math.Max(0, joint.PadsAfter[d]);
                taps *= joint.Kernel[d];
            }

            return taps <= (long)left.Taps + right.Taps ? joint : null;
        }
    }
}
