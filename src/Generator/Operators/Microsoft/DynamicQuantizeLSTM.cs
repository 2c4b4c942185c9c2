using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>DynamicQuantizeLSTM: LSTM with weights of codes. Inputs: x, the weights [directions, inputs, 4 · size] and [directions, size, 4 · size], bias,
/// lengths, first state and cell, peepholes, then scale and zero point of both weights, one number or one for each direction or column.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeLSTM · Types: f32; weights u8, i8. ONNX Runtime quantises the inputs of every step too, to 8 bits by their range; here they stay f32, which is nearer to the model before it was quantised.</remarks>
internal sealed class DynamicQuantizeLSTM : MicrosoftOperator
{
    public DynamicQuantizeLSTM()
        : base("DynamicQuantizeLSTM", 12, 12, 3)
    {
    }

    public override bool RoundsToCodes => true;

    public override bool RequiresInput(int input) => input is < 3 or > 7;

    protected override void Compose(Node node, Composer compose)
    {
        Value w = Weights(compose, 1, 8);
        Value r = Weights(compose, 2, 10);
        var inputs = new[] { node.Required(0), w, r }.Concat(Enumerable.Range(3, 5).Select(node.Input));
        string[] names = { "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size", "input_forget" };
        var attributes = names.Where(node.Attributes.Has).Select(a => (a, node.Attributes.Raw(a)!)).ToArray();
        IReadOnlyList<Value> results = compose.Ops(OperatorRegistry.Get("LSTM"), 3, inputs, attributes);
        compose.Return(results.ToArray());
    }

    /// <summary>Weights as LSTM has them, [directions, 4 · size, columns].</summary>
    private static Value Weights(Composer compose, int index, int scale)
    {
        Value codes = compose.Node.Required(index);
        compose.Check(codes.Shape.Rank == 3, $"input {index} must have 3 dimensions");
        Value Parameter(Value value) => value.Shape.Rank == 2 ? compose.Unsqueeze(value, 1) : value.Shape.ElementCount == codes.Shape[0] ? compose.Reshape(value, codes.Shape[0], 1, 1) : value;
        Value? zeroPoint = compose.Node.Input(scale + 1);
        Value real = compose.Dequantize(codes, Parameter(compose.Node.Required(scale)), zeroPoint is null ? null : Parameter(zeroPoint));
        return compose.Transpose(real, 0, 2, 1);
    }
}
