using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>DeformConv: a convolution whose taps are moved by offsets, read bilinearly, and weighted by a mask.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__DeformConv.html. Opset 22 only widened types. Images only, two spatial dimensions.</remarks>
internal sealed class DeformConv : ComposedOperator
{
    public DeformConv()
        : base("DeformConv")
    {
    }

    public override int Since => 19;

    public override (int Min, int Max) InputCount => (3, 5);

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value weight, Value offset) = (compose.Require(node.Required(0), TypeSets.Floats), node.Required(1), node.Required(2));
        compose.Check(x.Shape.Rank == 4 && weight.Shape.Rank == 4 && offset.Shape.Rank == 4, "input, weight and offset must have 4 dimensions");
        long[] Ints(string name, int count, long fallback) => node.Attributes.Ints(name) is { } given && given.Length == count ? given : Enumerable.Repeat(fallback, count).ToArray();
        (long[] strides, long[] dilations, long[] pads) = (Ints("strides", 2, 1), Ints("dilations", 2, 1), Ints("pads", 4, 0));
        (long batch, long channels, long group) = (x.Shape[0], x.Shape[1], node.Attributes.Int("group", 1));
        long parts = node.Attributes.Int("offset_group", 1);
        (int height, int width, long taps) = (offset.Shape[2], offset.Shape[3], (long)weight.Shape[2] * weight.Shape[3]);
        compose.Check(group > 0 && parts > 0 && channels % parts == 0 && weight.Shape[1] * group == channels && weight.Shape[0] % group == 0, "the groups do not fit the channels");
        compose.Check(offset.Shape[0] == batch && offset.Shape[1] == parts * taps * 2, $"the offset must have {parts * taps * 2} channels");
        long positions = (long)height * width;

        // Positions [batch, parts, taps · cells] of every tap of every output cell.
        Value moved = compose.Reshape(offset, batch, parts, taps, 2, positions);
        Value At(int axis)
        {
            var grid = new double[taps * positions];
            for (long i = 0; i < grid.Length; i++)
            {
                (long tap, long cell) = (i / positions, i % positions);
                long k = axis == 0 ? tap / weight.Shape[3] : tap % weight.Shape[3];
                long o = axis == 0 ? cell / width : cell % width;
                grid[i] = (o * strides[axis]) - pads[axis] + (k * dilations[axis]);
            }

            Value shift = compose.Reshape(compose.Slice(moved, 3, axis, axis + 1), batch, parts, taps * positions);
            return compose.Add(shift, compose.Numbers(x.Type, new Shape((int)grid.Length), grid));
        }

        Value rows = compose.Transpose(compose.Reshape(x, batch, parts, channels / parts, (long)x.Shape[2] * x.Shape[3]), 0, 1, 3, 2);
        var sampler = new PixelSampler(compose, rows, new[] { x.Shape[2], x.Shape[3] });
        Value sampled = sampler.Between(new[] { At(0), At(1) }, zeros: true);
        if (node.Input(4) is { } mask)
        {
            sampled = compose.Mul(sampled, compose.Reshape(mask, batch, parts, taps * positions, 1));
        }

        Value columns = compose.Transpose(compose.Reshape(sampled, batch, parts, taps, positions, channels / parts), 0, 1, 4, 2, 3);
        columns = compose.Reshape(columns, batch, group, channels / group * taps, positions);
        Value kernels = compose.Reshape(weight, 1, group, weight.Shape[0] / group, channels / group * taps);
        Value y = compose.Reshape(compose.MatMul(kernels, columns), batch, weight.Shape[0], height, width);
        compose.Return(0, node.Input(3) is { } bias ? compose.Add(y, compose.Reshape(bias, weight.Shape[0], 1, 1)) : y);
    }
}
