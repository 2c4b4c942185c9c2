using AotCompiler.Ir;
using AotCompiler.Operators.Composed;

namespace AotCompiler.Operators.Selection;

/// <summary>Compress: the entries along an axis, or of the flattened tensor, for which a condition is true.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Compress.html. A condition that is only known at run time
/// decides how many entries there are: at most as many as it has elements.</remarks>
internal sealed class Compress : ComposedOperator
{
    public Compress()
        : base("Compress")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (2, 2);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value condition) = (node.Required(0), node.Required(1));
        int axis = 0;
        if (node.Attributes.Has("axis"))
        {
            compose.Check(Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), x.Shape.Rank, out axis), "the axis is outside the input");
        }
        else
        {
            x = compose.Op("Reshape", x, compose.Ints(-1));
        }

        compose.Check(condition.Type == ElementType.Bool && condition.Shape.Rank == 1 && condition.Shape[0] <= x.Shape[axis], "the condition must be a list of bools, not longer than the axis");
        compose.Return(0, compose.Gather(x, compose.Squeeze(compose.Op("NonZero", condition), 0), axis));
    }
}
