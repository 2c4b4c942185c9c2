using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>MatMulIntegerToFloat: the product of two matrices of codes as real numbers, plus a bias. Inputs: a, b, their scales, their zero points, the bias.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulIntegerToFloat · Types: u8, i8.</remarks>
internal sealed class MatMulIntegerToFloat : ComposedOperator
{
    public MatMulIntegerToFloat()
        : base("MatMulIntegerToFloat", "com.microsoft")
    {
    }

    public override (int Min, int Max) InputCount => (4, 7);

    public override void Infer(InferContext context)
    {
        IReadOnlyList<int> shape = IntegerProduct.CheckMatrices(context, 4, 5);
        Shape result = context.MakeShape(shape.Select(static d => (long)d));
        foreach (int scale in new[] { 2, 3, 6 })
        {
            if (context.Has(scale))
            {
                context.RequireType(scale, ElementType.Float32, ElementType.Float16);
                if (!context.Shape(scale).BroadcastsTo(result) && context.Shape(scale).ElementCount != 1)
                {
                    throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {scale} does not broadcast to the result");
                }
            }
        }

        context.SetOutput(0, context.Type(2), result);
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        Value product = compose.Cast(IntegerProduct.MatMul(node, 4, 5, compose), ElementType.Float32);
        Value scaled = ScaledProduct.Scale(product, node.Required(2), node.Required(3), node.Input(6), compose);
        compose.Return(compose.Cast(scaled, node.Output.Type));
    }
}
