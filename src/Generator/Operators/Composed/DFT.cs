using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>DFT: the discrete Fourier transform along an axis, as a product with a constant matrix.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__DFT.html. Opset 20 made the axis an input, with another default. Length and axis must be constant.</remarks>
internal sealed class DFT : ComposedOperator
{
    public DFT()
        : base("DFT")
    {
    }

    public override int Since => 17;

    public override (int Min, int Max) InputCount => (1, 3);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0 && axis < node.Required(0).Shape.Rank - 1
        && AxisOf(node) is { } given && Shape.TryNormalizeAxis(given, node.Required(0).Shape.Rank, out int own) && axis != own;

    /// <summary>The axis that is transformed; null where it is not known.</summary>
    private static long? AxisOf(Node node) => node.Opset < 20 ? node.Attributes.Int("axis", 1)
        : node.Input(2) is not { } input ? -2
        : input.Constant is { Shape: { ElementCount: 1 } } axis ? axis.ToInt64Array()[0]
        : null;

    protected override void Compose(Node node, Composer compose)
    {
        Value signal = compose.Require(node.Required(0), TypeSets.Floats);
        int rank = signal.Shape.Rank;
        long given = node.Opset < 20 ? node.Attributes.Int("axis", 1) : compose.ConstantInt(2, "axis") ?? -2;
        compose.Check(rank >= 2 && Shape.TryNormalizeAxis(given, rank, out int axis) && axis < rank - 1, $"axis {given} is outside the signal, or its last axis");
        Shape.TryNormalizeAxis(given, rank, out axis);
        bool inverse = node.Attributes.Flag("inverse", false);
        bool onesided = node.Attributes.Flag("onesided", false);
        long length = compose.ConstantInt(1, "dft_length") ?? (inverse && onesided ? 2L * (signal.Shape[axis] - 1) : signal.Shape[axis]);
        int[] order = Enumerable.Range(0, rank).Where(a => a != axis && a != rank - 1).Concat(new[] { axis, rank - 1 }).ToArray();
        int[] back = Enumerable.Range(0, rank).Select(a => System.Array.IndexOf(order, a)).ToArray();
        bool isLast = axis == rank - 2;
        Value moved = isLast ? signal : compose.Transpose(signal, order);
        Value transformed = FourierMatrix.Transform(compose, moved, length, inverse, onesided);
        compose.Return(0, isLast ? transformed : compose.Transpose(transformed, back));
    }
}
