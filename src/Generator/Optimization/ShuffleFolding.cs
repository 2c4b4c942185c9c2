using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Folds a permutation of channels before a convolution into its weights, also with a depthwise convolution in between, which does
/// not care for the order of its channels: nothing is moved any more. The groups of the convolution then have inputs here and there;
/// its weights get a column for each channel, with zeros for those of other groups, and an attribute tells the kernel which to leave out.
/// </summary>
internal sealed class ShuffleFolding : NodePass
{
    /// <summary>Most weights of a convolution, zeros included.</summary>
    private const long MaxWeights = 1 << 22;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!IsFoldable(node))
        {
            return false;
        }

        Value input = node.Required(0);
        if (ChannelShuffle.Of(input) is { } direct)
        {
            return rewriter.HasSingleUse(input) && Fold(node, direct, direct.Source, rewriter);
        }

        return input.Producer is { } depthwise
            && IsFoldable(depthwise)
            && depthwise.Input(2) is null or { IsConstant: true }
            && DepthwiseLowering.Applies(depthwise, Conv.Groups(depthwise))
            && rewriter.HasSingleUse(input)
            && ChannelShuffle.Of(depthwise.Required(0)) is { } before
            && Fold(node, depthwise, before, rewriter);
    }

    private static bool IsFoldable(Node node) => node.Is("Conv")
        && node.Attributes.Int(Conv.ExactSums, 0) == 0
        && !node.Attributes.Has(Conv.GroupInputs)
        && Conv.IsFast(node)
        && node.Required(1).Constant!.Type == ElementType.Float32;

    /// <summary>The convolution reads what the depthwise one makes of channels in their old order.</summary>
    private static bool Fold(Node node, Node depthwise, ChannelShuffle shuffle, GraphRewriter rewriter)
    {
        if (!rewriter.HasSingleUse(depthwise.Required(0)) || !Fold(node, shuffle, node.Required(0), rewriter))
        {
            return false;
        }

        int[] order = shuffle.Inverse();
        depthwise.SetInput(1, rewriter.Constant(FoldedWeights.Permute(depthwise.Required(1).Constant!, 0, order), depthwise.Required(1).Name));
        if (depthwise.Input(2)?.Constant is { } bias)
        {
            depthwise.SetInput(2, rewriter.Constant(FoldedWeights.Permute(bias, 0, order), depthwise.Required(2).Name));
        }

        depthwise.SetInput(0, shuffle.Source);
        return true;
    }

    private static bool Fold(Node node, ChannelShuffle shuffle, Value input, GraphRewriter rewriter)
    {
        int groups = Conv.Groups(node);
        Tensor weights = node.Required(1).Constant!;
        if (groups == 1)
        {
            weights = FoldedWeights.Permute(weights, 1, shuffle.Inverse());
        }
        else if (DepthwiseLowering.Applies(node, groups) || weights.Shape.ElementCount * groups > MaxWeights)
        {
            return false;
        }
        else
        {
            weights = FoldedWeights.Spread(weights, groups, shuffle.Order);
            node.Attributes.Set("group", 1L);
            node.Attributes.Set(Conv.GroupInputs, shuffle.Order.Select(static c => (long)c).Prepend(groups).ToArray());
        }

        node.SetInput(1, rewriter.Constant(weights, node.Required(1).Name));
        node.SetInput(0, input);
        return true;
    }
}
