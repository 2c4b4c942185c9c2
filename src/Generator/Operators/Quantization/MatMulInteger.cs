using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>MatMulInteger: the product of two matrices of codes without their zero points, in i32. Zero points are one number, or one for each row of a or each column of b.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__MatMulInteger.html · Types: u8, i8.</remarks>
internal sealed class MatMulInteger : ComposedOperator
{
    public MatMulInteger()
        : base("MatMulInteger")
    {
    }

    public override (int Min, int Max) InputCount => (2, 4);

    public override int Since => 10;

    public override void Infer(InferContext context)
    {
        IReadOnlyList<int> shape = IntegerProduct.CheckMatrices(context, 2, 3);
        context.SetOutput(0, ElementType.Int32, context.MakeShape(shape.Select(static d => (long)d)));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Cast(IntegerProduct.MatMul(node, 2, 3, compose), ElementType.Int32));
}
