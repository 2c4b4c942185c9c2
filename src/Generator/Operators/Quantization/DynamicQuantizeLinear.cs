using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>DynamicQuantizeLinear: quantises to u8 with scale (max − min) / 255 and the zero point that makes 0 a code, where min and max are those of the tensor and 0.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html · Types: f32. A tensor of zeros has scale 1 / 255.</remarks>
internal sealed class DynamicQuantizeLinear : CompositeOperator
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

    public override IReadOnlyList<Value> Expand(Node node, Expansion expansion)
    {
        (Value codes, Value scale, Value zeroPoint) = Quantize(node.Required(0), expansion);
        return new[] { codes, scale, zeroPoint };
    }

    /// <summary>Adds the nodes that find scale and zero point, and that quantise.</summary>
    public static (Value Codes, Value Scale, Value ZeroPoint) Quantize(Value x, Expansion expansion)
    {
        Value zero = expansion.Number(0);
        Value high = expansion.Add("Max", Reduce("ReduceMax", x, expansion), zero);
        Value low = expansion.Add("Min", Reduce("ReduceMin", x, expansion), zero);
        Value range = expansion.Add("Sub", high, low);
        Value constant = expansion.Add("Equal", range, zero);
        Value scale = expansion.Add("Div", expansion.Add("Where", constant, expansion.Number(1), range), expansion.Number(Codes));
        Value first = expansion.Add("Div", expansion.Add("Neg", low), scale);
        Value zeroPoint = expansion.Add("QuantizeLinear", first, expansion.Number(1));
        return (expansion.Quantize(x, scale, zeroPoint, ElementType.UInt8), scale, zeroPoint);
    }

    private static Value Reduce(string op, Value x, Expansion expansion) => expansion.Add(op, new[] { x }, ("keepdims", 0L));
}
