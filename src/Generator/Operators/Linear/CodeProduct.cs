using System;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Which products of whole numbers can be summed in integers: bytes times constant signed bytes.</summary>
internal static class CodeProduct
{
    /// <summary>True for a Conv, MatMul or Gemm of whole numbers whose sums 32-bit integers hold.</summary>
    public static bool Applies(Node node)
    {
        if (node.Attributes.Int(Conv.ExactSums, 0) == 0
            || node.Required(1).Constant is not { } weights
            || (node.Input(2) is { } addend && addend.Constant is null)
            || ByteStorage.PossibleZero(node.Required(0)) is null
            || !CodePanels.Holds(weights))
        {
            return false;
        }

        double bias = 0;
        foreach (float b in node.Input(2)?.Constant is { } constant ? constant.Floats() : default)
        {
            bias = Math.Max(bias, Math.Abs(b));
        }

        // Codes reach 255 and weights −128; what the zero takes off is no more.
        double terms = (double)weights.Shape.ElementCount / OutputChannels(node, weights.Shape);
        return (2 * terms * byte.MaxValue * -sbyte.MinValue) + bias < int.MaxValue;
    }

    private static double OutputChannels(Node node, Shape weights) => Math.Max(1, node.Operator is Conv ? weights[0] : node.Output.Shape[node.Output.Shape.Rank - 1]);
}
