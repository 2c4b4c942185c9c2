using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearSoftmax: the quantised softmax along an axis; with opset below 13 over all dimensions from the axis on.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearSoftmax · Types: u8, i8.</remarks>
internal sealed class QLinearSoftmax : QuantizedUnaryOperator
{
    public QLinearSoftmax()
        : base("QLinearSoftmax")
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => false;

    protected override Value Function(Node node, Value x, Composer compose)
    {
        int axis = (int)node.Attributes.Int("axis", -1);
        if (node.Attributes.Int("opset", 13) >= 13 || !Shape.TryNormalizeAxis(axis, x.Shape.Rank, out int first))
        {
            return compose.Op("Softmax", new[] { x }, ("axis", (long)axis));
        }

        Value matrix = compose.Reshape(x, (int)x.Shape.Product(0, first), (int)x.Shape.Product(first, x.Shape.Rank));
        return compose.Reshape(compose.Op("Softmax", new[] { matrix }, ("axis", 1L)), x.Shape);
    }
}
