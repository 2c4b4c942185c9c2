using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>DepthToSpace: groups of b² channels become blocks of b × b pixels. One strided copy.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__DepthToSpace.html · Types: all · Opsets: 11 added mode (DCR, CRD).</remarks>
internal sealed class DepthToSpace : Operator
{
    public DepthToSpace()
        : base("DepthToSpace")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        context.RequireRank(0, 4);
        Shape shape = context.Shape(0);
        string mode = context.Attributes.String("mode", "DCR");
        if (mode is not ("DCR" or "CRD"))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, $"attribute 'mode' is \"{mode}\"; supported: DCR, CRD");
        }

        long block = BlockSizes.Require(context);
        if (shape[1] % (block * block) != 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"{shape[1]} channels cannot be divided into blocks of {block} × {block}");
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(new[] { shape[0], shape[1] / (block * block), shape[2] * block, shape[3] * block }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Layout source = Permuted(node, Layout.Dense(inputs[0]!.Shape));
        return new[] { ElementMovement.Strided(inputs[0]!, source.Shape, source.Strides).Reshape(node.Output.Shape) };
    }

    public override bool WritesStrided(Node node) => true;

    /// <summary>Blocked if the input is, and there are enough channels left that blocks are worth it.</summary>
    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        layouts.IsBlocked(node.Required(0)) && LayoutQuery.CanBlock(node.Output) && node.Output.Shape[1] >= Layout.BlockSize / 2
            ? LayoutKind.Blocked
            : LayoutKind.Plain;

    public override void Lower(Node node, LoweringContext context)
    {
        int block = BlockSizes.Of(node);
        TensorView target = context.Allocate(node.Output);
        TensorView source = context.ReadPlain(node.Required(0));
        context.Add(new CopyStep(
            node,
            node.Name,
            source.With(Permuted(node, source.Layout)),
            target.With(target.Layout.SplitAxis(3, block).SplitAxis(2, block))));
    }

    /// <summary>The input's elements as [N, C, H, b, W, b] of the output.</summary>
    private static Layout Permuted(Node node, Layout input)
    {
        int block = BlockSizes.Of(node);
        int channels = node.Output.Shape[1];
        return node.Attributes.String("mode", "DCR") == "DCR"
            ? input.SplitAxis(1, block * channels).SplitAxis(2, channels).Transpose(new[] { 0, 3, 4, 1, 5, 2 })
            : input.SplitAxis(1, block * block).SplitAxis(2, block).Transpose(new[] { 0, 1, 4, 2, 5, 3 });
    }
}

/// <summary>The attribute blocksize.</summary>
internal static class BlockSizes
{
    /// <summary>The block size, checked.</summary>
    public static long Require(InferContext context)
    {
        long block = context.Attributes.Int("blocksize", 0);
        return block is > 0 and < 1 << 15
            ? block
            : throw context.Fail(DiagnosticCodes.GraphMalformed, $"attribute 'blocksize' is {block}; it must be a small positive number");
    }

    /// <summary>The block size of a node that was inferred.</summary>
    public static int Of(Node node) => (int)node.Attributes.Int("blocksize", 1);
}
