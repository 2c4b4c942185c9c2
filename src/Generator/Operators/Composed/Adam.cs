using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Adam: steps along a running mean of gradients, scaled by a running mean of their squares.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxpreviewtraining_Adam.html.</remarks>
internal sealed class Adam : TrainingStep
{
    public Adam()
        : base("Adam", 4)
    {
    }

    protected override Value[] Update(Node node, Composer compose, Value rate, Value updates, Value[] tensors)
    {
        (Value x, Value g, Value v, Value h) = (tensors[0], tensors[1], tensors[2], tensors[3]);
        AttributeMap attributes = node.Attributes;
        (float alpha, float beta) = (attributes.Float("alpha", 0.9f), attributes.Float("beta", 0.999f));
        Value Number(double value) => compose.Scalar(value, x.Type);
        Value mean = compose.Add(compose.Mul(Number(alpha), v), compose.Mul(Number(1 - alpha), g));
        Value squares = compose.Add(compose.Mul(Number(beta), h), compose.Mul(Number(1 - beta), compose.Mul(g, g)));
        Value size = compose.Add(compose.Op("Sqrt", squares), Number(attributes.Float("epsilon", 1e-6f)));

        // The running means begin with zeros; from the second update on that is corrected.
        Value One(double factor) => compose.Sub(Number(1), compose.Op("Pow", Number(factor), updates));
        Value corrected = compose.Div(compose.Mul(rate, compose.Op("Sqrt", One(beta))), One(alpha));
        Value r = compose.Where(compose.Op("Greater", updates, Number(0)), corrected, rate);
        Value stepped = compose.Sub(x, compose.Div(compose.Mul(r, mean), size));
        return new[] { compose.Mul(Number(1 - attributes.Float("norm_coefficient_post", 0)), stepped), mean, squares };
    }
}
