using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>GridSample: an image or volume read at the positions of a grid, which runs from -1 to 1 over it.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__GridSample.html. Types: floats, and whole numbers by way of f32 or f64, truncated. What takes the
/// nearest cell moves elements of all types; "zeros" are empty strings then. Opset 20 renamed the modes and added volumes; 22 widened types.
/// </remarks>
internal sealed class GridSample : ComposedOperator
{
    /// <summary>Positive, and less than any period.</summary>
    private const double Least = 1e-3;

    public GridSample()
        : base("GridSample")
    {
    }

    public override int Since => 16;

    public override (int Min, int Max) InputCount => (2, 2);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0 || axis < node.Required(1).Shape.Rank - 1;

    protected override void Compose(Node node, Composer compose)
    {
        bool nearest = node.Attributes.String("mode", "linear") == "nearest";
        (Value image, Value grid) = (compose.Require(node.Required(0), nearest ? TypeSets.AllAndText : TypeSets.All), compose.Require(node.Required(1), TypeSets.Floats));
        ElementType computed = ComputedType(image.Type);
        Value x = nearest ? image : compose.Cast(image, computed);
        int rank = x.Shape.Rank - 2;
        compose.Check(rank > 0 && grid.Shape.Rank == rank + 2 && grid.Shape.Extent(0) == x.Shape.Extent(0) && grid.Shape[rank + 1] == rank, "the grid does not fit the input");
        grid = compose.Cast(grid, computed);
        Extent[] extents = x.Shape.Extents.Skip(2).ToArray();
        Extent[] planes = x.Shape.Extents.Take(2).ToArray();
        Extent[] points = grid.Shape.Extents.Skip(1).Take(rank).ToArray();
        Value rows = compose.Transpose(compose.Reshape(x, new Shape(planes.Append(Product(extents)))), 0, 2, 1);
        var sampler = new PixelSampler(compose, rows, extents);

        // The grid names the last axis first.
        Value flat = compose.Reshape(grid, new Shape(new[] { planes[0], Product(points), rank }));
        Value[] at = Enumerable.Range(0, rank)
            .Select(i => Denormalized(node, compose, compose.Squeeze(compose.Slice(flat, 2, rank - 1 - i, rank - i), 2), extents[i]))
            .ToArray();
        Value y = Sample(node, compose, sampler, at, extents);
        compose.Return(0, compose.Cast(compose.Reshape(compose.Transpose(y, 0, 2, 1), new Shape(planes.Concat(points))), image.Type));
    }

    private static Extent Product(IEnumerable<Extent> extents) => extents.Aggregate((Extent)1, static (product, e) => product * e);

    /// <summary>The type that positions and weighted sums are computed in.</summary>
    private static ElementType ComputedType(ElementType type) =>
        TypeSets.RealOf(type) ?? (type == ElementType.Float64 ? type : ElementType.Float32);

    private static Value Sample(Node node, Composer compose, PixelSampler sampler, Value[] at, Extent[] extents)
    {
        string padding = Padding(node, compose);
        bool zeros = padding == PixelForm.Zeros;
        switch (node.Attributes.String("mode", "linear"))
        {
            case "nearest":
                Value[] rounded = at.Select((v, i) => Padded(node, compose, compose.Op("Round", v), extents[i])).ToArray();
                if (sampler.Between(rounded, new PixelForm(Taps: 1, zeros ? PixelForm.Zeros : PixelForm.Border, Corners(node))) is { } nearest)
                {
                    return nearest;
                }

                Value pixels = sampler.At(rounded);
                return zeros ? compose.Where(compose.Unsqueeze(sampler.IsInside(rounded), -1), pixels, Nothing(compose, pixels.Type)) : pixels;
            case "linear" or "bilinear":
                Value[] padded = at.Select((v, i) => Padded(node, compose, v, extents[i])).ToArray();
                return sampler.Between(padded, zeros);
            case "cubic" or "bicubic":
                return sampler.Between(at, new PixelForm(PixelForm.Cubic, padding, Corners(node)))
                    ?? sampler.Interpolate(at.Select((v, i) => Cubic(node, compose, v, extents[i])).ToArray(), zeros);
            default:
                throw compose.Fail(DiagnosticCodes.GraphMalformed, $"the mode '{node.Attributes.String("mode", string.Empty)}' is none of linear, nearest, cubic");
        }
    }

    /// <summary>What lies outside the image: a zero, or an empty string.</summary>
    private static Value Nothing(Composer compose, ElementType type) => type == ElementType.String
        ? compose.Constant(Tensor.OfStrings(Shape.Scalar, new[] { string.Empty }, "empty"))
        : compose.Scalar(0, type);

    private static bool Corners(Node node) => node.Attributes.Flag("align_corners", false);

    private static Value Denormalized(Node node, Composer compose, Value n, Extent extent) => Corners(node)
        ? compose.Mul(compose.Add(n, compose.Scalar(1, n.Type)), compose.LengthNumber(extent, n.Type, offset: -1, factor: 0.5))
        : compose.Sub(compose.Mul(compose.Add(n, compose.Scalar(1, n.Type)), compose.LengthNumber(extent, n.Type, factor: 0.5)), compose.Scalar(0.5, n.Type));

    private static string Padding(Node node, Composer compose)
    {
        string padding = node.Attributes.String("padding_mode", PixelForm.Zeros);
        return padding is PixelForm.Zeros or PixelForm.Border or PixelForm.Reflection
            ? padding
            : throw compose.Fail(DiagnosticCodes.GraphMalformed, $"the padding_mode '{padding}' is none of zeros, border, reflection");
    }

    /// <summary>A position brought into the image as the padding asks; positions that count as zeros stay.</summary>
    private static Value Padded(Node node, Composer compose, Value position, Extent extent) => Padding(node, compose) switch
    {
        PixelForm.Zeros => position,
        PixelForm.Border => compose.Op("Clip", position, compose.Scalar(0, position.Type), compose.LengthNumber(extent, position.Type, offset: -1)),
        _ => Reflected(node, compose, position, extent),
    };

    /// <summary>min + |range - ((|x - min|) mod 2 · range)| turned round: the position reflected at both borders until it is inside.</summary>
    private static Value Reflected(Node node, Composer compose, Value position, Extent extent)
    {
        double low = Corners(node) ? 0 : -0.5;
        double offset = Corners(node) ? -1 : 0;
        if (extent.Maximum + offset == 0)
        {
            return compose.Mul(position, compose.Scalar(0, position.Type));
        }

        Value Number(double value) => compose.Scalar(value, position.Type);
        Value range = compose.LengthNumber(extent, position.Type, offset);
        Value period = compose.LengthNumber(extent, position.Type, offset, factor: 2);
        if (extent.IsDynamic && Corners(node))
        {
            // An axis of one cell has no period; whatever the position is then, it is brought into the image.
            period = compose.Op("Max", period, Number(Least));
        }

        Value distance = compose.Op("Abs", compose.Sub(position, Number(low)));
        Value periods = compose.Op("Floor", compose.Div(distance, period));
        Value rest = compose.Sub(distance, compose.Mul(periods, period));
        Value inside = compose.Sub(range, compose.Op("Abs", compose.Sub(rest, range)));
        return compose.Add(inside, Number(low));
    }

    /// <summary>The four whole positions around one, with cubic weights; each of them is brought into the image, not the position.</summary>
    private static IReadOnlyList<(Value Position, Value Weight)> Cubic(Node node, Composer compose, Value position, Extent extent)
    {
        Value low = compose.Op("Floor", position);
        Value t = compose.Sub(position, low);
        Value Number(double value) => compose.Scalar(value, t.Type);
        Value Weight(Value x, bool isNear) => PixelForm.CubicFactors(isNear).Skip(1).Aggregate((Value?)null, (sum, c) => compose.Add(compose.Mul(sum ?? Number(PixelForm.CubicFactors(isNear)[0]), x), Number(c)))!;
        Value u = compose.Sub(Number(1), t);
        Value[] weights =
        {
            Weight(compose.Add(t, Number(1)), isNear: false),
            Weight(t, isNear: true),
            Weight(u, isNear: true),
            Weight(compose.Add(u, Number(1)), isNear: false),
        };
        return weights.Select((w, i) =>
        {
            Value tap = i == 1 ? low : compose.Add(low, Number(i - 1));
            return (Padded(node, compose, tap, extent), w);
        }).ToArray();
    }
}
