using System;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Which products of whole numbers can be summed in integers: bytes times constant bytes.</summary>
internal static class CodeProduct
{
    /// <summary>Attribute of a product of integers whose result is i32: the byte that stands for 0 in its codes.</summary>
    public const string ByteOfZero = "zero";

    /// <summary>True for a Conv, MatMul or Gemm of whole numbers whose sums 32-bit integers hold.</summary>
    public static bool Applies(Node node)
    {
        return node.Attributes.Int(Conv.ExactSums, 0) != 0
            && ByteStorage.PossibleZero(node.Required(0)) is not null
            && node.Required(1).Constant is { } weights
            && (node.Input(2) is not { } bias || bias.Constant is not null)
            && Fits(node, weights, node.Input(2)?.Constant);
    }

    /// <summary>True for a product whose operator sums integers, if its input may be stored as bytes: with a bias of run time only the codes as they are.</summary>
    public static bool TakesSums(Node node) => ZeroOf(node) is { } zero
        && (zero == 0 || node.Input(2) is null)
        && Fits(node, node.Required(1).Constant!, null);

    /// <summary>The type of a product of integers: f32, or i32 of one whose codes are always bytes.</summary>
    public static ElementType SumType(Node node) => (ElementType)node.Attributes.Int("to", (long)ElementType.Float32);

    /// <summary>Whether a product of integers runs on bytes. Codes of one whose result is i32 become bytes here, if they are not stored so.</summary>
    public static bool RunsOnBytes(Node node, LoweringContext context)
    {
        if (SumType(node) == ElementType.Int32)
        {
            context.StoreAsBytes(node.Required(0), ZeroOf(node)!.Value);
        }

        return TakesSums(node) && context.Bytes.ZeroOf(node.Required(0)) is not null;
    }

    private static int? ZeroOf(Node node) => node.Attributes.Has(ByteOfZero) ? (int)node.Attributes.Int(ByteOfZero, 0) : ByteStorage.PossibleZero(node.Required(0));

    /// <summary>True if bytes hold the weights and 32-bit integers the sums, whatever the codes.</summary>
    /// <param name="node">The product.</param>
    /// <param name="weights">Its weights without their zero point.</param>
    /// <param name="bias">Whole numbers that begin the sums, or null.</param>
    public static bool Fits(Node node, Tensor weights, Tensor? bias)
    {
        if (weights.Shape.Rank < 2 || weights.Shape.ElementCount == 0 || CodePanels.OffsetOf(weights) is not { } offset)
        {
            return false;
        }

        double largest = 0;
        for (int i = 0; bias is not null && i < bias.Shape.ElementCount; i++)
        {
            largest = Math.Max(largest, Math.Abs(ElementEvaluation.Read(bias, i)));
        }

        // Codes reach 255 and weights −128, or more where something is taken off them; what the zero takes off is no more.
        double terms = (double)weights.Shape.ElementCount / OutputChannels(node, weights.Shape);
        return (2 * terms * byte.MaxValue * (Math.Abs(offset) - sbyte.MinValue)) + largest < int.MaxValue;
    }

    private static double OutputChannels(Node node, Shape weights) =>
        Math.Max(1, node.Operator is Conv or IntegerConv ? weights[0] : node.Output.Shape[node.Output.Shape.Rank - 1]);
}
