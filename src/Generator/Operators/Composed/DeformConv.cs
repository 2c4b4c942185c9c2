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

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input is 0 or 2 or 4 && axis != 1;

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value weight, Value offset) = (compose.Require(node.Required(0), TypeSets.Floats), node.Required(1), node.Required(2));
        compose.Check(x.Shape.Rank == 4 && weight.Shape.Rank == 4 && offset.Shape.Rank == 4, "input, weight and offset must have 4 dimensions");
        long[] Ints(string name, int count, long fallback) => node.Attributes.Ints(name) is { } given && given.Length == count ? given : Enumerable.Repeat(fallback, count).ToArray();
        (long[] strides, long[] dilations, long[] pads) = (Ints("strides", 2, 1), Ints("dilations", 2, 1), Ints("pads", 4, 0));
        int channels = x.Shape[1];
        (long group, long parts) = (node.Attributes.Int("group", 1), node.Attributes.Int("offset_group", 1));
        (int kernelHeight, int kernelWidth) = (weight.Shape[2], weight.Shape[3]);
        int taps = kernelHeight * kernelWidth;
        compose.Check(group > 0 && parts > 0 && channels % parts == 0 && weight.Shape[1] * group == channels && weight.Shape[0] % group == 0, "the groups do not fit the channels");
        compose.Check(offset.Shape.Extent(0) == x.Shape.Extent(0) && offset.Shape[1] == parts * taps * 2, $"the offset must have {parts * taps * 2} channels");
        Extent batch = x.Shape.Extent(0);
        (Extent height, Extent width) = (offset.Shape.Extent(2), offset.Shape.Extent(3));
        Extent positions = height * width;
        Shape Of(params Extent[] extents) => new(extents);
        (int part, int groups) = ((int)parts, (int)group);

        // Positions [batch, parts, taps · cells] of every tap of every output cell.
        Value moved = compose.Reshape(offset, Of(batch, part, taps, 2, height, width));
        Value At(int axis)
        {
            double[] steps = Enumerable.Range(0, taps).Select(t => (double)((axis == 0 ? t / kernelWidth : t % kernelWidth) * dilations[axis])).ToArray();
            Value cells = compose.Cast(compose.Positions(offset, 2 + axis), x.Type);
            Value begins = compose.Sub(compose.Mul(cells, compose.Scalar(strides[axis], x.Type)), compose.Scalar(pads[axis], x.Type));
            Value line = compose.Reshape(begins, axis == 0 ? Of(height, 1) : Of(1, width));
            Value grid = compose.Add(compose.Numbers(x.Type, new Shape(taps, 1, 1), steps), line);
            Value shift = compose.Squeeze(compose.Slice(moved, 3, axis, axis + 1), 3);
            return compose.Reshape(compose.Add(shift, grid), Of(batch, part, taps * positions));
        }

        Value rows = compose.Transpose(compose.Reshape(x, Of(batch, part, channels / part, x.Shape.Extent(2) * x.Shape.Extent(3))), 0, 1, 3, 2);
        var sampler = new PixelSampler(compose, rows, x.Shape.Extents.Skip(2));
        Value sampled = sampler.Between(new[] { At(0), At(1) }, zeros: true);
        if (node.Input(4) is { } mask)
        {
            sampled = compose.Mul(sampled, compose.Reshape(mask, Of(batch, part, taps * positions, 1)));
        }

        Value columns = compose.Transpose(compose.Reshape(sampled, Of(batch, part, taps, positions, channels / part)), 0, 1, 4, 2, 3);
        columns = compose.Reshape(columns, Of(batch, groups, channels / groups * taps, positions));
        Value kernels = compose.Reshape(weight, 1, group, weight.Shape[0] / group, channels / group * taps);
        Value y = compose.Reshape(compose.MatMul(kernels, columns), Of(batch, weight.Shape[0], height, width));
        compose.Return(0, node.Input(3) is { } bias ? compose.Add(y, compose.Reshape(bias, weight.Shape[0], 1, 1)) : y);
    }
}
