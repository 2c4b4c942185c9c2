using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>What convolutions of codes have in common with Conv.</summary>
internal static class QuantizedConvolution
{
    /// <summary>The attributes of Conv.</summary>
    public static IReadOnlyList<string> Attributes { get; } = new[] { "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides" };

    /// <summary>The shape of the result of a Conv of input 0 with the weights.</summary>
    public static Shape ResultShape(InferContext context, int weights)
    {
        var rewriter = new GraphRewriter(new Graph("inference"));
        Value x = new("x", ElementType.Float32, context.Shape(0));
        Value w = new("w", ElementType.Float32, context.Shape(weights));
        return new Expansion(rewriter, context.Node.Name).AddLike("Conv", context.Node, Attributes, x, w).Shape;
    }
}
