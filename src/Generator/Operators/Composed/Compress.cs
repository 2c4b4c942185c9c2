using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Compress: the entries along an axis, or of the flattened tensor, for which a condition is true.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Compress.html. The condition must be constant, since it decides the shape.</remarks>
internal sealed class Compress : ComposedOperator
{
    public Compress()
        : base("Compress")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (2, 2);

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
            x = compose.Reshape(x, x.Shape.ElementCount);
        }

        compose.Check(condition.Type == ElementType.Bool && condition.Shape.Rank == 1 && condition.Shape[0] <= x.Shape[axis], "the condition must be a list of bools, not longer than the axis");
        byte[] kept = (condition.Constant ?? throw compose.FailNotConstant("input 1 ('condition') decides the shape but is only known at run time")).Bytes.ToArray();
        IEnumerable<long> indices = Enumerable.Range(0, kept.Length).Where(i => kept[i] != 0).Select(static i => (long)i);
        compose.Return(0, compose.Gather(x, compose.Ints(indices.ToArray()), axis));
    }
}
