using AotCompiler.Ir;
using AotCompiler.Operators.Movement;

namespace AotCompiler.Operators.Composed;

/// <summary>STFT: Fourier transforms of overlapping, weighted frames of a signal.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__STFT.html. Step and frame length must be constant.</remarks>
internal sealed class STFT : ComposedOperator
{
    public STFT()
        : base("STFT")
    {
    }

    public override int Since => 17;

    public override (int Min, int Max) InputCount => (2, 4);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0 && (axis == 0 || (axis == 1 && (node.Input(2) ?? node.Input(3)) is not null));

    protected override void Compose(Node node, Composer compose)
    {
        Value signal = compose.Require(node.Required(0), TypeSets.Floats);
        signal = signal.Shape.Rank == 2 ? compose.Unsqueeze(signal, 2) : signal;
        compose.Check(signal.Shape.Rank == 3, "the signal must be [batch, samples, parts]");
        long step = compose.ConstantInt(1, "frame_step") ?? 0;
        Value? window = node.Input(2);
        long length = compose.ConstantInt(3, "frame_length") ?? (window is null ? signal.Shape[1] : window.Shape.ElementCount);
        Size samples = signal.Shape.Extent(1).Expression;
        compose.Check(step is > 0 and <= int.MaxValue && length > 0 && length <= samples.LowerBound, $"frames of {length} samples, {step} apart, do not fit the signal");
        compose.Check(window is null || window.Shape.Equals(new Shape((int)length)), $"the window must have {length} elements");
        Value framed = SlidingWindows.Of(compose, signal, 1, length, step);
        Value weighted = window is null ? framed : compose.Mul(framed, compose.Reshape(window, length, 1));
        compose.Return(0, FourierMatrix.Transform(compose, weighted, length, inverse: false, node.Attributes.Flag("onesided", true)));
    }
}
