using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>AffineGrid: the sampling positions of an affine map, for every cell of an image or volume.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__AffineGrid.html. The size must be constant; then the positions before the map are, too.</remarks>
internal sealed class AffineGrid : ComposedOperator
{
    public AffineGrid()
        : base("AffineGrid")
    {
    }

    public override int Since => 20;

    public override (int Min, int Max) InputCount => (2, 2);

    protected override void Compose(Node node, Composer compose)
    {
        Value theta = compose.Require(node.Required(0), TypeSets.Floats);
        long[] size = compose.ConstantInts(1, "size")!;
        int dimensions = size.Length - 2;
        compose.Check(dimensions is 2 or 3 && size.All(static s => s > 0), "the size must be N, C, H, W or N, C, D, H, W");
        compose.Check(theta.Shape.Equals(new Shape((int)size[0], dimensions, dimensions + 1)), $"theta must have the shape [{size[0]}, {dimensions}, {dimensions + 1}]");
        long[] extents = size.Skip(2).ToArray();
        bool corners = node.Attributes.Flag("align_corners", false);
        long cells = extents.Aggregate(1L, static (product, e) => product * e);
        compose.Check(cells * (dimensions + 1) < int.MaxValue, "the grid has more than 2³¹-1 elements");

        // Homogeneous coordinates [x, y, (z,) 1] by rows, one column per cell: x runs along the last axis.
        var grid = new double[(dimensions + 1) * cells];
        for (long cell = 0; cell < cells; cell++)
        {
            long rest = cell;
            for (int axis = dimensions - 1; axis >= 0; axis--)
            {
                grid[((dimensions - 1 - axis) * cells) + cell] = Coordinate(rest % extents[axis], extents[axis], corners);
                rest /= extents[axis];
            }

            grid[(dimensions * cells) + cell] = 1;
        }

        Value positions = compose.Numbers(theta.Type, new Shape(dimensions + 1, (int)cells), grid);
        Value mapped = compose.Transpose(compose.MatMul(theta, positions), 0, 2, 1);
        compose.Return(0, compose.Reshape(mapped, new[] { size[0] }.Concat(extents).Append(dimensions).ToArray()));
    }

    private static double Coordinate(long index, long extent, bool corners) => corners
        ? extent == 1 ? -1 : -1 + (2.0 * index / (extent - 1))
        : -1 + ((2.0 * index + 1) / extent);
}
