using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>DynamicQuantizeLinear: quantises to u8 with scale (max − min) / 255 and the zero point that makes 0 a code, where min and max are those of the tensor and 0.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html · Types: f32. A tensor of zeros has scale 1, as in ONNX Runtime; the specification divides by 0.</remarks>
internal sealed class DynamicQuantizeLinear : ComposedOperator
{
    private const float Codes = 255;

    public DynamicQuantizeLinear()
        : base("DynamicQuantizeLinear")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override (int Min, int Max) OutputCount => (1, 3);

    public override int Since => 11;

    public override bool RoundsToCodes => true;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        context.SetOutput(0, ElementType.UInt8, context.Shape(0));
        context.SetOutput(1, ElementType.Float32, Shape.Scalar);
        context.SetOutput(2, ElementType.UInt8, Shape.Scalar);
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        (Value codes, Value scale, Value zeroPoint) = Quantize(node.Required(0), compose);
        compose.Return(codes, scale, zeroPoint);
    }

    /// <summary>Adds the nodes that find scale and zero point, and that quantise.</summary>
    public static (Value Codes, Value Scale, Value ZeroPoint) Quantize(Value x, Composer compose)
    {
        Value zero = compose.Scalar(0);
        Value high = compose.Op("Max", Reduce("ReduceMax", x, compose), zero);
        Value low = compose.Op("Min", Reduce("ReduceMin", x, compose), zero);
        Value range = compose.Op("Sub", high, low);
        Value constant = compose.Op("Equal", range, zero);
        Value scale = compose.Op("Where", constant, compose.Scalar(1), compose.Op("Div", range, compose.Scalar(Codes)));
        Value first = compose.Op("Div", compose.Op("Neg", low), scale);
        Value zeroPoint = compose.Op("QuantizeLinear", first, compose.Scalar(1));
        return (compose.Quantize(x, scale, zeroPoint, ElementType.UInt8), scale, zeroPoint);
    }

    private static Value Reduce(string op, Value x, Composer compose) => compose.Op(op, new[] { x }, ("keepdims", 0L));
}
