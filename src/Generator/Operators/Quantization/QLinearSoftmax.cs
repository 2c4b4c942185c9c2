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

    /// <summary>As ONNX Runtime's kernel does: the factor of the probabilities is a whole number, ⌊1 / scale⌋.</summary>
    protected override Value Codes(Node node, Composer compose)
    {
        Value x = node.Required(0);
        Value probabilities = Function(node, compose.Dequantize(x, node.Required(1), node.Input(InputZeroPoint)), compose);
        Value factor = GraphRewriter.Fold(compose.Op("Floor", GraphRewriter.Fold(compose.Div(compose.Scalar(1), compose.Reshape(node.Required(OutputScale))))));
        return compose.Quantize(compose.Mul(probabilities, factor), compose.Scalar(1), node.Input(OutputZeroPoint), x.Type);
    }

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
