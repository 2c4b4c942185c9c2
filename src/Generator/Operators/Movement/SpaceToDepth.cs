using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>SpaceToDepth: blocks of b × b pixels become groups of b² channels. One strided copy.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html · Types: all.</remarks>
internal sealed class SpaceToDepth : Operator
{
    public SpaceToDepth()
        : base("SpaceToDepth")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        context.RequireRank(0, 4);
        Shape shape = context.Shape(0);
        long block = BlockSizes.Require(context);
        if (shape[2] % block != 0 || shape[3] % block != 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"{shape[2]} × {shape[3]} pixels cannot be divided into blocks of {block} × {block}");
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(new[] { shape[0], shape[1] * block * block, shape[2] / block, shape[3] / block }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Layout source = Permuted(Layout.Dense(inputs[0]!.Shape), BlockSizes.Of(node));
        return new[] { ElementMovement.Strided(inputs[0]!, source.Shape, source.Strides).Reshape(node.Output.Shape) };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        int block = BlockSizes.Of(node);
        int channels = node.Required(0).Shape[1];
        TensorView target = context.Allocate(node.Output);
        TensorView source = context.ReadPlain(node.Required(0));
        context.Add(new CopyStep(
            node,
            node.Name,
            source.With(Permuted(source.Layout, block)),
            target.With(target.Layout.SplitAxis(1, block * channels).SplitAxis(2, channels))));
    }

    /// <summary>[N, C, H·b, W·b] as [N, b, b, C, H, W].</summary>
    private static Layout Permuted(Layout input, int block) => input.SplitAxis(3, block).SplitAxis(2, block).Transpose(new[] { 0, 3, 5, 1, 2, 4 });
}
