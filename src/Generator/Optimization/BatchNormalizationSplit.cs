using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// A BatchNormalization that could not be folded becomes a product and a sum per channel, which fuse with their
/// element-wise neighbours.
/// </summary>
internal sealed class BatchNormalizationSplit : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!node.Is("BatchNormalization") || !rewriter.OnlyFirstOutputUsed(node) || ChannelAffine.Of(node, 1) is not { } affine)
        {
            return false;
        }

        Shape shape = node.Output.Shape;
        var perChannel = new Shape(Enumerable.Range(1, shape.Rank - 1).Select(i => i == 1 ? shape[1] : 1));
        Value Vector(double[] values, string role) => rewriter.Constant(
            Tensor.Create(ElementType.Float32, perChannel, values.Select(static v => (float)v).ToArray(), $"{node.Name}.{role}"),
            $"{node.Name}.{role}");
        Value result = affine.Input;
        if (affine.IsScaled)
        {
            result = rewriter.Insert("Mul", node.Name, new[] { result, Vector(affine.Scale, "scale") });
        }

        if (affine.IsShifted || !affine.IsScaled)
        {
            result = rewriter.Insert("Add", node.Name, new[] { result, Vector(affine.Shift, "shift") });
        }

        rewriter.ReplaceNode(node, result);
        return true;
    }
}
