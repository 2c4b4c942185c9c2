using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Folds scales and shifts per channel (<see cref="ChannelAffine"/>) into the constant weights and biases of the linear
/// operator before them, or of the convolution behind them.
/// </summary>
internal sealed class AffineFolding : NodePass
{
    /// <summary>Weights up to this size are copied when another node shares them; larger ones would make the blob grow.</summary>
    private const int SharedLimitBytes = 4096;

    protected override bool Visit(Node node, GraphRewriter rewriter) =>
        rewriter.OnlyFirstOutputUsed(node) && (FoldIntoProducer(node, rewriter) || FoldIntoConsumer(node, rewriter));

    private static bool FoldIntoProducer(Node node, GraphRewriter rewriter)
    {
        // The scaled operand is input 0 except where Mul or Add has its constant first.
        Value? input = node.Input(0) is { IsConstant: false } first ? first : node.Input(1);
        if (input?.Producer is not { Epilogue: null } producer || !rewriter.HasSingleUse(input) || producer.Operator.Domain.Length != 0)
        {
            return false;
        }

        return producer.Operator.Name switch
        {
            "Conv" or "ConvTranspose" => ChannelAffine.Of(node, 1) is { } affine && FoldIntoConvolution(node, producer, affine, rewriter),
            "Gemm" => ChannelAffine.Of(node, 1) is { } affine && FoldIntoGemm(node, producer, affine, rewriter),
            "MatMul" => ChannelAffine.Of(node, node.Output.Shape.Rank - 1) is { } affine && FoldIntoMatMul(node, producer, affine, rewriter),
            _ => false,
        };
    }

    private static bool FoldIntoConvolution(Node node, Node conv, ChannelAffine affine, GraphRewriter rewriter)
    {
        if (!IsFoldable(conv.Input(1), affine.IsScaled) || !IsFoldable(conv.Input(2) ?? conv.Input(1), false))
        {
            return false;
        }

        Tensor weights = conv.Required(1).Constant!;
        if (affine.IsScaled)
        {
            int groups = (int)conv.Attributes.Int("group", 1);
            weights = conv.Is("Conv") ? ScaleOutputs(weights, affine) : ScaleTransposedOutputs(weights, affine, groups);
        }

        Tensor bias = FoldedWeights.Affine(conv.Input(2)?.Constant, affine);
        Rebuild(node, conv, rewriter, weights, bias);
        return true;
    }

    private static bool FoldIntoGemm(Node node, Node gemm, ChannelAffine affine, GraphRewriter rewriter)
    {
        if (!IsFoldable(gemm.Input(1), affine.IsScaled) || !IsFoldable(gemm.Input(2) ?? gemm.Input(1), false))
        {
            return false;
        }

        Tensor weights = gemm.Required(1).Constant!;
        if (affine.IsScaled)
        {
            int inner = weights.Shape[1];
            bool transposed = gemm.Attributes.Flag("transB", false);
            weights = FoldedWeights.Scale(weights, affine.Scale, affine.Source, i => transposed ? i / inner : i % inner);
        }

        Tensor bias = FoldedWeights.AffineRows(gemm.Input(2)?.Constant, gemm.Attributes.Float("beta", 1), affine);
        gemm.Attributes.Remove("beta");
        Rebuild(node, gemm, rewriter, weights, bias);
        return true;
    }

    /// <summary>MatMul has no bias: only scales are folded, a shift becomes its epilogue.</summary>
    private static bool FoldIntoMatMul(Node node, Node product, ChannelAffine affine, GraphRewriter rewriter)
    {
        if (!affine.IsScaled || affine.IsShifted || !IsFoldable(product.Input(1), true) || product.Required(1).Shape.Rank < 2)
        {
            return false;
        }

        Tensor weights = product.Required(1).Constant!;
        int columns = weights.Shape[weights.Shape.Rank - 1];
        Rebuild(node, product, rewriter, FoldedWeights.Scale(weights, affine.Scale, affine.Source, i => i % columns), null);
        return true;
    }

    /// <summary>w ∗ (scale · x + shift): exact if the padding, which is zero, is not shifted.</summary>
    private static bool FoldIntoConsumer(Node node, GraphRewriter rewriter)
    {
        if (!rewriter.HasSingleUse(node.Output) || node.Output.Uses[0] is not { Index: 0, Node: var conv } || !conv.Is("Conv"))
        {
            return false;
        }

        if (ChannelAffine.Of(node, 1) is not { } affine
            || !IsFoldable(conv.Input(1), true)
            || !IsFoldable(conv.Input(2) ?? conv.Input(1), false)
            || (affine.IsShifted && !SpatialWindow.Of(conv, conv.Required(1).Shape.Dimensions.Skip(2).ToArray()).IsUnpadded))
        {
            return false;
        }

        int groups = (int)conv.Attributes.Int("group", 1);
        Tensor weights = conv.Required(1).Constant!;
        Tensor? bias = affine.IsShifted ? FoldedWeights.ShiftedBias(conv.Input(2)?.Constant, weights, affine, groups) : conv.Input(2)?.Constant;
        int perGroup = weights.Shape[0] / groups;
        int inputs = weights.Shape[1];
        int taps = (int)weights.Shape.Product(2, weights.Shape.Rank);
        Tensor scaled = affine.IsScaled
            ? FoldedWeights.Scale(weights, affine.Scale, affine.Source, i => (i / (inputs * taps) / perGroup * inputs) + (i / taps % inputs))
            : weights;
        SetWeights(conv, rewriter, scaled, bias);
        rewriter.ReplaceNode(node, affine.Input);
        return true;
    }

    /// <summary>Weights [M, C / groups, taps…].</summary>
    private static Tensor ScaleOutputs(Tensor weights, ChannelAffine affine)
    {
        int perOutput = (int)weights.Shape.Product(1, weights.Shape.Rank);
        return FoldedWeights.Scale(weights, affine.Scale, affine.Source, i => i / perOutput);
    }

    /// <summary>Weights [C, M / groups, taps…].</summary>
    private static Tensor ScaleTransposedOutputs(Tensor weights, ChannelAffine affine, int groups)
    {
        int taps = (int)weights.Shape.Product(2, weights.Shape.Rank);
        int outputs = weights.Shape[1];
        int perGroup = weights.Shape[0] / groups;
        return FoldedWeights.Scale(weights, affine.Scale, affine.Source, i => (i / (outputs * taps) / perGroup * outputs) + (i / taps % outputs));
    }

    /// <summary>A constant f32 operand that is not shared, or is small enough to have a copy of its own.</summary>
    private static bool IsFoldable(Value? operand, bool changes) => operand is { Type: ElementType.Float32, Constant: { } constant }
        && (!changes || operand.Uses.Count == 1 || constant.ByteCount <= SharedLimitBytes);

    private static void Rebuild(Node node, Node linear, GraphRewriter rewriter, Tensor weights, Tensor? bias)
    {
        SetWeights(linear, rewriter, weights, bias);
        rewriter.ReplaceNode(node, linear.Output);
    }

    private static void SetWeights(Node linear, GraphRewriter rewriter, Tensor weights, Tensor? bias)
    {
        Value weightValue = linear.Required(1);
        if (!ReferenceEquals(weightValue.Constant, weights))
        {
            weightValue = rewriter.Constant(weights, weightValue.Name);
        }

        Value? biasValue = bias is null ? null : linear.Input(2);
        if (bias is not null && !ReferenceEquals(biasValue?.Constant, bias))
        {
            biasValue = rewriter.Constant(bias, biasValue?.Name ?? $"{linear.Name}.bias");
        }

        if (biasValue is null)
        {
            linear.SetInputs(linear.Input(0), weightValue);
        }
        else
        {
            linear.SetInputs(linear.Input(0), weightValue, biasValue);
        }
    }
}
