using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>CenterCropPad: cuts or pads axes about their centres to wanted sizes.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__CenterCropPad.html. The sizes must be constant. An odd cell more goes to the end.</remarks>
internal sealed class CenterCropPad : ComposedOperator
{
    public CenterCropPad()
        : base("CenterCropPad")
    {
    }

    public override int Since => 18;

    public override (int Min, int Max) InputCount => (2, 2);

    protected override void Compose(Node node, Composer compose)
    {
        Value value = node.Required(0);
        int rank = value.Shape.Rank;
        long[] sizes = compose.ConstantInts(1, "shape")!;
        long[] axes = node.Attributes.Ints("axes") ?? Enumerable.Range(0, rank).Select(static a => (long)a).ToArray();
        compose.Check(axes.Length == sizes.Length, $"there are {sizes.Length} sizes for {axes.Length} axes");
        var before = new long[rank];
        var after = new long[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            compose.Check(Shape.TryNormalizeAxis(axes[i], rank, out int axis) && sizes[i] >= 0, $"axis {axes[i]} or size {sizes[i]} is outside the input");
            long extent = value.Shape[axis];
            long start = Math.Abs(extent - sizes[i]) / 2;
            if (sizes[i] < extent)
            {
                value = compose.Slice(value, axis, start, start + sizes[i]);
            }
            else
            {
                before[axis] = start;
                after[axis] = sizes[i] - extent - start;
            }
        }

        compose.Return(0, compose.Pad(value, before, after));
    }
}
