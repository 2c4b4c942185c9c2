using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>ConvInteger: the convolution of codes without their zero points, in i32.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ConvInteger.html · Types: u8, i8.</remarks>
internal sealed class ConvInteger : ComposedOperator
{
    public ConvInteger()
        : base("ConvInteger")
    {
    }

    public override (int Min, int Max) InputCount => (2, 4);

    public override int Since => 10;

    public override void Infer(InferContext context)
    {
        int channels = context.Shape(1).Rank > 0 ? context.Shape(1)[0] : 0;
        IntegerProduct.Check(context, 0, 2, 1);
        IntegerProduct.Check(context, 1, 3, channels);
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        // Sums that f32 may not hold exactly are formed in f64, which holds all.
        Shape w = node.Required(1).Shape;
        ElementType type = IntegerProduct.SumType(w.Product(1, w.Rank), ElementType.Float64);
        Value left = IntegerProduct.Centred(node, 0, 2, 0, type, compose);
        Value right = IntegerProduct.Centred(node, 1, 3, 0, type, compose);
        compose.Return(compose.Cast(compose.Like("Conv", QuantizedConvolution.Attributes, left, right), ElementType.Int32));
    }
}
