using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Adagrad: steps along gradients, shorter where the gradients were large.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxpreviewtraining_Adagrad.html.</remarks>
internal sealed class Adagrad : TrainingStep
{
    public Adagrad()
        : base("Adagrad", 3)
    {
    }

    protected override Value[] Update(Node node, Composer compose, Value rate, Value updates, Value[] tensors)
    {
        (Value x, Value g, Value h) = (tensors[0], tensors[1], tensors[2]);
        Value Number(double value) => compose.Scalar(value, x.Type);
        Value r = compose.Div(rate, compose.Add(Number(1), compose.Mul(updates, Number(node.Attributes.Float("decay_factor", 0)))));
        Value squares = compose.Add(h, compose.Mul(g, g));
        Value size = compose.Add(compose.Op("Sqrt", squares), Number(node.Attributes.Float("epsilon", 1e-6f)));
        return new[] { compose.Sub(x, compose.Div(compose.Mul(r, g), size)), squares };
    }
}
