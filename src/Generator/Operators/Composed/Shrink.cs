using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Shrink: x + bias below -lambd, x - bias above lambd, 0 between.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Shrink.html.</remarks>
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
        Value x = compose.Require(node.Required(0), TypeSets.Numbers.Concat(new[] { ElementType.Float16, ElementType.BFloat16 }).ToArray());
        Value bias = compose.Scalar(node.Attributes.Float("bias", 0), x.Type);
        float bound = node.Attributes.Float("lambd", 0.5f);
        Value above = compose.Op("Greater", x, compose.Scalar(bound, x.Type));
        Value below = compose.Op("Less", x, compose.Scalar(-bound, x.Type));
        compose.Return(0, compose.Where(below, compose.Add(x, bias), compose.Where(above, compose.Sub(x, bias), compose.Scalar(0, x.Type))));
    }
}
