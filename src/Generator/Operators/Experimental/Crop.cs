using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>Crop: cuts <c>border</c>, left, top, right and bottom, off x [N, C, H, W]; with <c>scale</c> that height and width remain from the left top on.</summary>
internal sealed class Crop : ExperimentalOperator
{
    public Crop()
        : base("Crop")
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => axis < 2;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        long[] border = node.Attributes.Ints("border") ?? new long[4];
        long[]? size = node.Attributes.Ints("scale");
        compose.Check(x.Shape.Rank == 4, "input 0 must be [N, C, H, W]");
        compose.Check(border.Length == 4, $"attribute 'border' has {border.Length} values, 4 are needed: left, top, right, bottom");
        compose.Check(size is null or { Length: 2 }, "attribute 'scale' must be a height and a width");
        Value rows = Cut(compose, x, 2, border[1], size is null ? x.Shape[2] - border[3] : border[1] + size[0]);
        compose.Return(compose.Op("Identity", Cut(compose, rows, 3, border[0], size is null ? x.Shape[3] - border[2] : border[0] + size[1])));
    }

    private static Value Cut(Composer compose, Value value, int axis, long start, long end)
    {
        compose.Check(start >= 0 && start < end && end <= value.Shape[axis], $"what is left of axis {axis} begins at {start} and ends before {end}, which is not within its {value.Shape[axis]} cells");
        return compose.Slice(value, axis, start, end);
    }
}
