using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Optimization;

/// <summary>
/// Products of codes as integers: those that nothing scales, and those whose zero point z is known only at run time, as a
/// DynamicQuantizeLinear finds it. Σ(q − z)·w = Σq·w − z·Σw: the codes are multiplied as they are, and the sums begin with −z·Σw, one number
/// for each output channel.
/// </summary>
internal static class IntegerSums
{
    /// <summary>True for a DequantizeLinear of 8-bit codes with one zero point of run time.</summary>
    public static bool HasRunTimeZeroPoint(Node dequantize) => dequantize.Input(2) is { Shape.ElementCount: 1 } && QuantizationSettings.ZeroPoint(dequantize) is null;

    /// <summary>The sums of a Conv, MatMul or Gemm whose codes have a zero point of run time, in f32.</summary>
    /// <param name="node">The product.</param>
    /// <param name="left">The DequantizeLinear of its codes, which <see cref="HasRunTimeZeroPoint"/>.</param>
    /// <param name="weights">Its weights as whole numbers.</param>
    /// <param name="bias">Whole numbers, one for each channel; null for none.</param>
    /// <param name="centred">Makes whole numbers of codes.</param>
    /// <param name="rewriter">Adds the nodes.</param>
    /// <returns>Null if integers do not hold the sums, or no kernel covers the product.</returns>
    public static Value? TrySum(Node node, Node left, Value weights, Value? bias, CentredCodes centred, GraphRewriter rewriter) =>
        weights.Constant is { } constant && CodeProduct.Fits(node, constant, bias?.Constant)
            ? TrySum(node, new IntegerOperands(node, left, weights, bias, centred, rewriter), ElementType.Float32)
            : null;

    /// <summary>Replaces a product of codes, or the Cast of it to i32, by sums of integers.</summary>
    /// <param name="node">The product, without a bias.</param>
    /// <param name="result">The node whose output they are, i32.</param>
    /// <param name="left">The DequantizeLinear of its codes.</param>
    /// <param name="right">That of its weights.</param>
    /// <param name="centred">Makes whole numbers of codes.</param>
    /// <param name="rewriter">Adds the nodes.</param>
    /// <returns>False if integers do not hold the sums, or no kernel covers the product.</returns>
    public static bool TryReplace(Node node, Node result, Node left, Node right, CentredCodes centred, GraphRewriter rewriter)
    {
        if (node.Operator.Name == "Gemm"
            || node.Required(0).Shape.IsDynamic
            || node.Required(0).Shape.ElementCount == 0
            || (!HasRunTimeZeroPoint(left) && !CentredCodes.Applies(left))
            || centred.Of(right) is not { Constant: { } constant } weights
            || !CodeProduct.Fits(node, constant, null)
            || TrySum(node, new IntegerOperands(node, left, weights, null, centred, rewriter), ElementType.Int32) is not { } sums)
        {
            return false;
        }

        rewriter.ReplaceNode(result, sums);
        return true;
    }

    private static Value? TrySum(Node node, IntegerOperands operands, ElementType type) =>
        node.Operator.Name == "Conv" ? TryConv(node, operands, type) : TryMatMul(node, operands, type);

    private static Value? TryMatMul(Node node, IntegerOperands operands, ElementType type)
    {
        GraphRewriter rewriter = operands.Rewriter;
        Shape w = operands.Weights.Shape;
        if (node.Required(0).Shape.Rank < 2 || node.Attributes.Flag("transA", false) || w.Product(0, w.Rank - 2) != 1 || node.Output.Shape.Rank != node.Required(0).Shape.Rank)
        {
            return null;
        }

        Value matrix = rewriter.Reshape(operands.Weights, new Shape(w[w.Rank - 2], w[w.Rank - 1]), node.Name);
        if (node.Operator.Name == "Gemm" && node.Attributes.Flag("transB", false))
        {
            matrix = GraphRewriter.Fold(rewriter.Insert("Transpose", node.Name, new[] { matrix }));
        }

        Value? start = operands.Start(matrix.Constant!, matrix.Shape[1], channelsLast: true);
        return rewriter.Insert(
            OperatorRegistry.Get(nameof(IntegerMatMul), Operator.InternalDomain), node.Name, new[] { operands.Codes, matrix, start }, operands.Attributes(type));
    }

    private static Value? TryConv(Node node, IntegerOperands operands, ElementType type)
    {
        if (!IntegerConv.Covers(node.Required(0).Shape, node.Output.Shape) || (type == ElementType.Float32 && DepthwiseLowering.Applies(node, Conv.Groups(node))))
        {
            return null;
        }

        SpatialWindow window = Conv.Window(node);
        GraphRewriter rewriter = operands.Rewriter;
        bool pads = window.PadsBefore.Concat(window.PadsAfter).Any(static p => p > 0);
        var attributes = new (string, object)[]
        {
            ("group", (long)Conv.Groups(node)),
            ("strides", Longs(window.Strides)),
            ("dilations", Longs(window.Dilations)),
            ("pads", Longs(operands.HasRunTimeZeroPoint ? new int[2 * window.Rank] : window.PadsBefore.Concat(window.PadsAfter).ToArray())),
        };
        Value? start = operands.Start(operands.Weights.Constant!, operands.Weights.Shape[0], channelsLast: false);
        Value codes = pads && operands.HasRunTimeZeroPoint ? operands.Padded(window) : operands.Codes;
        return rewriter.Insert(
            OperatorRegistry.Get(nameof(IntegerConv), Operator.InternalDomain), node.Name, new[] { codes, operands.Weights, start }, attributes.Concat(operands.Attributes(type)));
    }

    private static long[] Longs(int[] numbers) => numbers.Select(static n => (long)n).ToArray();

    /// <summary>The operands of a product as the kernels of integers take them.</summary>
    private sealed class IntegerOperands
    {
        private readonly Node _node;
        private readonly Node _left;
        private readonly Value? _bias;
        private readonly CentredCodes _centred;

        public IntegerOperands(Node node, Node left, Value weights, Value? bias, CentredCodes centred, GraphRewriter rewriter)
        {
            _node = node;
            _left = left;
            _bias = bias;
            _centred = centred;
            Weights = weights;
            Rewriter = rewriter;
            HasRunTimeZeroPoint = IntegerSums.HasRunTimeZeroPoint(left);
        }

        public GraphRewriter Rewriter { get; }

        /// <summary>The weights as whole numbers.</summary>
        public Value Weights { get; }

        /// <summary>True if the codes are multiplied as they are.</summary>
        public bool HasRunTimeZeroPoint { get; }

        /// <summary>Codes less their zero point, or less the lowest of their type if that is not known.</summary>
        public Value Codes => HasRunTimeZeroPoint ? _centred.AsTheyAre(_left.Required(0)) : _centred.Of(_left);

        /// <summary>The codes with z around them.</summary>
        public Value Padded(SpatialWindow window)
        {
            long[] pads = new[] { 0, 0 }.Concat(window.PadsBefore).Concat(new[] { 0, 0 }).Concat(window.PadsAfter).Select(static p => (long)p).ToArray();
            Value zero = Rewriter.Reshape(_left.Required(2), Shape.Scalar, _node.Name);
            return _centred.AsTheyAre(Rewriter.Insert("Pad", _node.Name, new[] { _left.Required(0), Rewriter.Constant(Tensor.Vector(pads), $"{_node.Name}.pads"), zero }));
        }

        /// <summary>The type of the sums; of integers also which byte stands for 0 in the codes.</summary>
        public (string, object)[] Attributes(ElementType type) => type == ElementType.Float32
            ? Array.Empty<(string, object)>()
            : new (string, object)[] { ("to", (long)type), (CodeProduct.ByteOfZero, HasRunTimeZeroPoint ? 0L : (long)-CentredCodes.Range(_left).Low) };

        /// <summary>What the sums begin with, i32: bias − (z − lowest code) · Σw for a z of run time; else null.</summary>
        public Value? Start(Tensor weights, int channels, bool channelsLast)
        {
            if (!HasRunTimeZeroPoint)
            {
                return null;
            }

            string name = _node.Name;
            long low = _left.Required(0).Type.Range().Low;
            Value zero = Rewriter.Insert("Cast", name, new[] { Rewriter.Reshape(_left.Required(2), Shape.Scalar, name) }, ("to", (long)ElementType.Int32));
            if (low != 0)
            {
                zero = Rewriter.Insert("Sub", name, new[] { zero, Rewriter.Constant(Tensor.Create(ElementType.Int32, Shape.Scalar, new[] { (int)low }), $"{name}.low") });
            }

            Value start = Rewriter.Insert("Mul", name, new[] { zero, Rewriter.Constant(NegatedSums(weights, channels, channelsLast), $"{name}.sums") });
            return _bias is null
                ? start
                : Rewriter.Insert("Add", name, new[] { start, GraphRewriter.Fold(Rewriter.Insert("Cast", name, new[] { _bias }, ("to", (long)ElementType.Int32))) });
        }

        /// <summary>−Σw of each output channel, i32.</summary>
        private static Tensor NegatedSums(Tensor weights, int channels, bool channelsLast)
        {
            ReadOnlySpan<float> w = weights.Floats();
            var sums = new int[channels];
            int terms = w.Length / Math.Max(1, channels);
            for (int i = 0; i < w.Length; i++)
            {
                sums[channelsLast ? i % channels : i / terms] -= (int)w[i];
            }

            return Tensor.Create(ElementType.Int32, new Shape(channels), sums, $"NegatedSums({weights.Recipe})");
        }
    }
}
