using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearConcat: tensors side by side, each with its own scale and zero point, quantised anew. Inputs: the result's scale and zero point, then tensor, scale and zero point for each.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConcat · Types: u8, i8.</remarks>
internal sealed class QLinearConcat : ComposedOperator
{
    public QLinearConcat()
        : base("QLinearConcat", "com.microsoft")
    {
    }

    public override (int Min, int Max) InputCount => (5, int.MaxValue);

    public override bool RoundsToCodes => true;

    public override void Infer(InferContext context)
    {
        if (context.Node.OperatorInputCount % 3 != 2)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "every tensor needs a scale and a zero point");
        }

        Shape first = context.Shape(2);
        int axis = context.Axis(context.Attributes.Int("axis", 0), first.Rank);
        long total = 0;
        for (int i = 2; i < context.Node.OperatorInputCount; i += 3)
        {
            QuantizedOperands.Check(context, i, i + 1, i + 2);
            context.RequireSameType(2, i);
            Shape shape = context.Shape(i);
            if (shape.Rank != first.Rank || !shape.With(axis, first[axis]).Equals(first))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"inputs 2 and {i} differ outside axis {axis}");
            }

            total += shape[axis];
        }

        QuantizedOperands.CheckResult(context, 0, 1, context.Type(2));
        context.SetOutput(0, context.Type(2), context.MakeShape(first.Dimensions.Select((d, i) => i == axis ? total : d)));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        ElementType type = node.Required(2).Type;
        var parts = new List<Value>();
        for (int i = 2; i < node.OperatorInputCount; i += 3)
        {
            Value real = compose.Dequantize(node.Required(i), node.Required(i + 1), node.Input(i + 2));
            parts.Add(compose.Quantize(real, node.Required(0), node.Input(1), type));
        }

        compose.Return(compose.Like("Concat", new[] { "axis" }, parts.ToArray()));
    }
}
