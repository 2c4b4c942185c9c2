using System.Linq;
using AotCompiler.Ir;

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

    protected override void Compose(Node node, Composer compose)
    {
        Value signal = compose.Require(node.Required(0), TypeSets.Floats);
        signal = signal.Shape.Rank == 2 ? compose.Unsqueeze(signal, 2) : signal;
        compose.Check(signal.Shape.Rank == 3, "the signal must be [batch, samples, parts]");
        long step = compose.ConstantInt(1, "frame_step") ?? 0;
        Value? window = node.Input(2);
        long length = compose.ConstantInt(3, "frame_length") ?? (window is null ? signal.Shape[1] : window.Shape.ElementCount);
        compose.Check(step > 0 && length > 0 && length <= signal.Shape[1], $"frames of {length} samples, {step} apart, do not fit the signal");
        compose.Check(window is null || window.Shape.Equals(new Shape((int)length)), $"the window must have {length} elements");
        long frames = 1 + ((signal.Shape[1] - length) / step);
        compose.Check(frames * length < int.MaxValue, "the frames have more than 2³¹-1 samples");
        var samples = new double[frames * length];
        for (long i = 0; i < samples.Length; i++)
        {
            samples[i] = (i / length * step) + (i % length);
        }

        Value framed = compose.Gather(signal, compose.Numbers(ElementType.Int64, new Shape((int)frames, (int)length), samples), 1);
        Value weighted = window is null ? framed : compose.Mul(framed, compose.Reshape(window, length, 1));
        compose.Return(0, FourierMatrix.Transform(compose, weighted, length, inverse: false, node.Attributes.Flag("onesided", true)));
    }
}
