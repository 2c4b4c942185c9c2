using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>
/// Reads pixels at computed positions: the image with channels last, rows gathered by flat index. Positions are f32 values
/// of one shape, one per spatial axis.
/// </summary>
internal sealed class PixelSampler
{
    private readonly Composer _compose;
    private readonly Value _rows;
    private readonly Extent[] _extents;
    private readonly int _batchRank;

    /// <param name="compose">Writes the expression.</param>
    /// <param name="rows">[batch…, cells, channels].</param>
    /// <param name="extents">Cells along each spatial axis.</param>
    public PixelSampler(Composer compose, Value rows, IEnumerable<Extent> extents)
    {
        _compose = compose;
        _rows = rows;
        _extents = extents.ToArray();
        _batchRank = rows.Shape.Rank - 2;
    }

    /// <summary>The pixels [batch…, positions, channels] at whole positions [batch…, positions], which are clamped to the image.</summary>
    public Value At(IReadOnlyList<Value> positions)
    {
        Value? flat = null;
        for (int i = 0; i < _extents.Length; i++)
        {
            Value index = _compose.Cast(Clamped(positions[i], i), ElementType.Int64);
            flat = flat is null ? index : _compose.Add(_compose.Mul(flat, _compose.LengthNumber(_extents[i], ElementType.Int64)), index);
        }

        return _compose.Op("GatherND", new[] { _rows, _compose.Unsqueeze(flat!, -1) }, ("batch_dims", (long)_batchRank));
    }

    /// <summary>1 where a position lies inside the image, 0 elsewhere.</summary>
    public Value Inside(IReadOnlyList<Value> positions) => _compose.Cast(IsInside(positions), positions[0].Type);

    /// <summary>True where a position lies inside the image.</summary>
    public Value IsInside(IReadOnlyList<Value> positions)
    {
        Value? inside = null;
        for (int i = 0; i < _extents.Length; i++)
        {
            Value above = _compose.Op("GreaterOrEqual", positions[i], _compose.Scalar(0, positions[i].Type));
            Value below = _compose.Op("LessOrEqual", positions[i], _compose.LengthNumber(_extents[i], positions[i].Type, offset: -1));
            Value both = _compose.Op("And", above, below);
            inside = inside is null ? both : _compose.Op("And", inside, both);
        }

        return inside!;
    }

    /// <summary>The weighted sum over all corners of the cells around positions.</summary>
    /// <param name="taps">Per axis, the whole positions and their weights.</param>
    /// <param name="zeros">True if what lies outside the image counts as zero; else it is clamped.</param>
    public Value Interpolate(IReadOnlyList<IReadOnlyList<(Value Position, Value Weight)>> taps, bool zeros)
    {
        Value? sum = null;
        foreach (IReadOnlyList<(Value Position, Value Weight)> corner in Corners(taps))
        {
            Value[] positions = corner.Select(static c => c.Position).ToArray();
            Value weight = corner.Select(static c => c.Weight).Aggregate(_compose.Mul);
            weight = zeros ? _compose.Mul(weight, Inside(positions)) : weight;
            Value part = _compose.Mul(At(positions), _compose.Unsqueeze(weight, -1));
            sum = sum is null ? part : _compose.Add(sum, part);
        }

        return sum!;
    }

    /// <summary>The pixels [batch…, positions, channels] between the cells around positions [batch…, positions]; null if no kernel takes them at once.</summary>
    /// <param name="positions">One per axis.</param>
    /// <param name="form">Which cells count, and how.</param>
    public Value? Between(IReadOnlyList<Value> positions, PixelForm form)
    {
        if (_extents.Length > SampledPixels.MaxAxes || positions.Append(_rows).Any(static v => v.Type != ElementType.Float32))
        {
            return null;
        }

        Extent[] batches = _rows.Shape.Extents.Take(_batchRank).ToArray();
        Extent batch = batches.Aggregate((Extent)1, static (product, e) => product * e);
        Extent channels = _rows.Shape.Extent(_batchRank + 1);
        Extent count = positions[0].Shape.Extent(_batchRank);
        Value[] flat = positions.Select(p => _compose.Reshape(p, new Shape(new[] { batch, count }))).ToArray();
        Value image = _compose.Reshape(_rows, new Shape(_extents.Prepend(batch).Append(channels)));
        return _compose.Reshape(SampledPixels.Write(_compose, image, flat, form), new Shape(batches.Append(count).Append(channels)));
    }

    /// <summary>The same with linear weights along every axis, for any type.</summary>
    /// <param name="positions">One per axis.</param>
    /// <param name="zeros">True if what lies outside the image counts as zero; else it is clamped.</param>
    public Value Between(IReadOnlyList<Value> positions, bool zeros) =>
        Between(positions, new PixelForm(PixelForm.Linear, zeros ? PixelForm.Zeros : PixelForm.Border, AlignsCorners: false))
        ?? Interpolate(positions.Select(p => Linear(_compose, p)).ToArray(), zeros);

    /// <summary>The two whole positions around one, with linear weights.</summary>
    public static IReadOnlyList<(Value Position, Value Weight)> Linear(Composer compose, Value position)
    {
        Value one = compose.Scalar(1, position.Type);
        Value low = compose.Op("Floor", position);
        Value fraction = compose.Sub(position, low);
        return new[] { (low, compose.Sub(one, fraction)), (compose.Add(low, one), fraction) };
    }

    /// <summary>Every combination of one tap per axis.</summary>
    public static IEnumerable<IReadOnlyList<(Value Position, Value Weight)>> Corners(IReadOnlyList<IReadOnlyList<(Value Position, Value Weight)>> taps)
    {
        IEnumerable<(Value Position, Value Weight)[]> corners = new[] { System.Array.Empty<(Value, Value)>() };
        foreach (IReadOnlyList<(Value Position, Value Weight)> axis in taps)
        {
            corners = corners.SelectMany(c => axis.Select(t => c.Append(t).ToArray())).ToArray();
        }

        return corners;
    }

    private Value Clamped(Value position, int axis) => _compose.Op(
        "Clip", position, _compose.Scalar(0, position.Type), _compose.LengthNumber(_extents[axis], position.Type, offset: -1));
}
