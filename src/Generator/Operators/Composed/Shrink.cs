using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Shrink: x + bias below -lambd, x - bias above lambd, 0 between.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Shrink.html. Whole numbers are computed as real ones and truncated, as ONNX Runtime does: lambd and bias need not be whole.</remarks>
internal sealed class Shrink : ComposedOperator
{
    public Shrink()
        : base("Shrink")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (1, 1);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        ElementType type = compose.Require(node.Required(0), TypeSets.Numbers).Type;
        Value x = compose.Cast(node.Required(0), TypeSets.RealOf(type) ?? type);
        Value bias = compose.Scalar(node.Attributes.Float("bias", 0), x.Type);
        float bound = node.Attributes.Float("lambd", 0.5f);
        Value above = compose.Op("Greater", x, compose.Scalar(bound, x.Type));
        Value below = compose.Op("Less", x, compose.Scalar(-bound, x.Type));
        Value y = compose.Where(below, compose.Add(x, bias), compose.Where(above, compose.Sub(x, bias), compose.Scalar(0, x.Type)));
        compose.Return(0, compose.Cast(y, type));
    }
}
