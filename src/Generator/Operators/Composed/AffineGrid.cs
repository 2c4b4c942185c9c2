using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>AffineGrid: the sampling positions of an affine map, for every cell of an image or volume.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__AffineGrid.html. Where the size is constant, the positions before the map are, too; it may be that of the run.</remarks>
internal sealed class AffineGrid : ComposedOperator
{
    public AffineGrid()
        : base("AffineGrid")
    {
    }

    public override int Since => 20;

    public override (int Min, int Max) InputCount => (2, 2);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0 && axis == 0;

    protected override void Compose(Node node, Composer compose)
    {
        Value theta = compose.Require(node.Required(0), TypeSets.Floats);
        Size[] size = compose.Sizes(1, "size");
        int dimensions = size.Length - 2;
        compose.Check(dimensions is 2 or 3 && size.All(static s => s.Maximum is > 0 and <= int.MaxValue), "the size must be N, C, H, W or N, C, D, H, W, from 1 to 2³¹-1 each");
        compose.Check(theta.Shape.Equals(new Shape(new[] { Extent.Of(size[0]), dimensions, dimensions + 1 })), $"theta must have the shape [{size[0]}, {dimensions}, {dimensions + 1}]");
        Extent[] extents = size.Skip(2).Select(Extent.Of).ToArray();
        bool corners = node.Attributes.Flag("align_corners", false);
        double cells = extents.Aggregate(1.0, static (product, e) => product * e.Maximum);
        compose.Check(cells * (dimensions + 1) < int.MaxValue, "the grid has more than 2³¹-1 elements");
        compose.Return(0, theta.Shape.IsDynamic || extents.Any(static e => e.IsDynamic)
            ? AtRunTime(compose, theta, extents, corners)
            : Constant(compose, theta, extents.Select(static e => (long)e.Maximum).ToArray(), corners));
    }

    private static Value Constant(Composer compose, Value theta, long[] extents, bool corners)
    {
        int dimensions = extents.Length;
        long cells = extents.Aggregate(1L, static (product, e) => product * e);
        Value positions = compose.Numbers(theta.Type, new Shape(dimensions + 1, (int)cells), $"{string.Join("x", extents)}{(corners ? ", corners" : string.Empty)}", () => Positions(extents, cells, corners));
        Value mapped = compose.Transpose(compose.MatMul(theta, positions), 0, 2, 1);
        return compose.Reshape(mapped, new[] { (long)theta.Shape[0] }.Concat(extents).Append(dimensions).ToArray());
    }

    private static double[] Positions(long[] extents, long cells, bool corners)
    {
        // Homogeneous coordinates [x, y, (z,) 1] by rows, one column per cell: x runs along the last axis.
        int dimensions = extents.Length;
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

        return grid;
    }

    /// <summary>Sums over the axes of coordinates times columns of the map, which broadcast to [N, (D,) H, W, coordinates].</summary>
    private static Value AtRunTime(Composer compose, Value theta, Extent[] extents, bool corners)
    {
        int dimensions = extents.Length;
        Extent[] Spread(Extent first, Extent last) => Enumerable.Repeat((Extent)1, dimensions).Prepend(first).Append(last).ToArray();
        Value Column(int index) => compose.Reshape(compose.Slice(theta, 2, index, index + 1), new Shape(Spread(theta.Shape.Extent(0), dimensions)));
        Value sum = Column(dimensions);
        for (int axis = 0; axis < dimensions; axis++)
        {
            Extent[] along = Spread(1, 1);
            along[axis + 1] = extents[axis];
            Value coordinates = compose.Reshape(compose.Cast(Coordinates(compose, extents[axis], corners), theta.Type), new Shape(along));
            sum = compose.Add(sum, compose.Mul(coordinates, Column(dimensions - 1 - axis)));
        }

        return sum;
    }

    /// <summary>The coordinates of an axis from -1 to 1, in f64.</summary>
    private static Value Coordinates(Composer compose, Extent extent, bool corners)
    {
        Value Number(double value) => compose.Scalar(value, ElementType.Float64);
        Value numbers = compose.Op("Range", compose.Scalar(0, ElementType.Int64), compose.Context.Dimension(extent), compose.Scalar(1, ElementType.Int64));
        Value doubled = compose.Mul(compose.Cast(numbers, ElementType.Float64), Number(2));
        Value parts = compose.Op("Max", compose.LengthNumber(extent, ElementType.Float64, corners ? -1 : 0), Number(1));
        return compose.Sub(compose.Div(corners ? doubled : compose.Add(doubled, Number(1)), parts), Number(1));
    }

    private static double Coordinate(long index, long extent, bool corners) => corners
        ? extent == 1 ? -1 : -1 + (2.0 * index / (extent - 1))
        : -1 + ((2.0 * index + 1) / extent);
}
