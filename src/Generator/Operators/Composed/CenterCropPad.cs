using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>CenterCropPad: cuts or pads axes about their centres to wanted sizes.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__CenterCropPad.html. An odd cell more goes to the end.</remarks>
internal sealed class CenterCropPad : ComposedOperator
{
    public CenterCropPad()
        : base("CenterCropPad")
    {
    }

    public override int Since => 18;

    public override (int Min, int Max) InputCount => (2, 2);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0;

    protected override void Compose(Node node, Composer compose)
    {
        Value value = node.Required(0);
        int rank = value.Shape.Rank;
        Size[] sizes = compose.Sizes(1, "shape");
        long[] axes = node.Attributes.Ints("axes") ?? Enumerable.Range(0, rank).Select(static a => (long)a).ToArray();
        compose.Check(axes.Length == sizes.Length, $"there are {sizes.Length} sizes for {axes.Length} axes");
        Size[] before = Enumerable.Repeat(Size.Of(0), rank).ToArray();
        Size[] after = Enumerable.Repeat(Size.Of(0), rank).ToArray();
        for (int i = 0; i < axes.Length; i++)
        {
            compose.Check(Shape.TryNormalizeAxis(axes[i], rank, out int axis) && sizes[i].LowerBound >= 0 && sizes[i].Maximum <= int.MaxValue, $"axis {axes[i]} or size {sizes[i]} is outside the input");

            // What is too much is cut off, what is missing added; for an axis of the run it may be either.
            Size excess = value.Shape.Extent(axis).Expression - sizes[i];
            Size cut = Size.Max(excess, Size.Of(0));
            Size missing = Size.Max(Size.Of(0) - excess, Size.Of(0));
            (Size start, Size end) = (cut.FloorDivide(2), value.Shape.Extent(axis).Expression - cut + cut.FloorDivide(2));
            value = cut.Constant == 0 ? value : compose.Op("Slice", value, compose.Context.SizeVector(new[] { start }), compose.Context.SizeVector(new[] { end }), compose.Ints(axis));
            (before[axis], after[axis]) = (missing.FloorDivide(2), missing - missing.FloorDivide(2));
        }

        bool isWhole = before.Concat(after).All(static p => p.Constant == 0);
        compose.Return(0, isWhole ? value : compose.Op("Pad", value, compose.Context.SizeVector(before.Concat(after).ToArray())));
    }
}
