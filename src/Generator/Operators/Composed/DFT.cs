using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>DFT: the discrete Fourier transform along an axis, as a product with a matrix, which is constant where the length is.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__DFT.html. Opset 20 made the axis an input, with another default. The axis must be constant.</remarks>
internal sealed class DFT : ComposedOperator
{
    public DFT()
        : base("DFT")
    {
    }

    public override int Since => 17;

    public override (int Min, int Max) InputCount => (1, 3);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0 && axis < node.Required(0).Shape.Rank - 1;

    protected override void Compose(Node node, Composer compose)
    {
        Value signal = compose.Require(node.Required(0), TypeSets.Floats);
        int rank = signal.Shape.Rank;
        long given = node.Opset < 20 ? node.Attributes.Int("axis", 1) : compose.ConstantInt(2, "axis") ?? -2;
        compose.Check(rank >= 2 && Shape.TryNormalizeAxis(given, rank, out int axis) && axis < rank - 1, $"axis {given} is outside the signal, or its last axis");
        Shape.TryNormalizeAxis(given, rank, out axis);
        bool inverse = node.Attributes.Flag("inverse", false);
        bool onesided = node.Attributes.Flag("onesided", false);
        Extent length = Length(node, compose, signal.Shape.Extent(axis).Expression, inverse && onesided);
        int[] order = Enumerable.Range(0, rank).Where(a => a != axis && a != rank - 1).Concat(new[] { axis, rank - 1 }).ToArray();
        int[] back = Enumerable.Range(0, rank).Select(a => System.Array.IndexOf(order, a)).ToArray();
        bool isLast = axis == rank - 2;
        Value moved = isLast ? signal : compose.Transpose(signal, order);
        Value transformed = length.IsDynamic || moved.Shape.IsDynamicAt(rank - 2)
            ? FourierMatrix.TransformAtRunTime(compose, moved, length, inverse, onesided)
            : FourierMatrix.Transform(compose, moved, length.Maximum, inverse, onesided);
        compose.Return(0, isLast ? transformed : compose.Transpose(transformed, back));
    }

    /// <summary>The length that is given, or that of the signal; a real signal has twice as many samples as frequencies, but for the first and the last.</summary>
    private static Extent Length(Node node, Composer compose, Size samples, bool isReal)
    {
        Size length = node.Input(1) is not { } given ? (isReal ? (samples - Size.Of(1)) * Size.Of(2) : samples)
            : given.Shape.ElementCount == 1 && given.Sizes?.Elements is { } size ? size[0]
            : Size.Of(compose.ConstantInt(1, "dft_length")!.Value);
        compose.Check(length.Maximum is > 0 and <= int.MaxValue, "the length must be positive");
        return Extent.Of(length);
    }
}
