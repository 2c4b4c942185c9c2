using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Selection;

namespace AotCompiler.Operators.Movement;

/// <summary>
/// Resize whose scales or region only a run knows: scales and lengths are computed in the graph, the lengths become sizes, and a
/// <see cref="ResizeByScales"/> reads the scales as data.
/// </summary>
internal sealed class ResizeComposition
{
    private readonly Node _node;
    private readonly Composer _compose;
    private readonly int[] _axes;
    private readonly string _policy;

    private ResizeComposition(Node node, Composer compose, int[] axes)
    {
        _node = node;
        _compose = compose;
        _axes = axes;
        _policy = node.Attributes.String("keep_aspect_ratio_policy", "stretch");
    }

    private Shape Input => _node.Required(0).Shape;

    /// <summary>True if the lengths of the output are given, false if the scales are.</summary>
    private bool HasSizes => ResizingOperator.Given(_node, 3);

    /// <summary>Writes the node as an expression; false where it needs lengths that only a declaration can bound.</summary>
    public static bool TryWrite(Node node, ResizeParameters parameters, Composer compose)
    {
        int rank = node.Required(0).Shape.Rank;
        long[] given = node.Attributes.Ints("axes") ?? Enumerable.Range(0, rank).Select(static i => (long)i).ToArray();
        compose.Check(given.All(a => Shape.TryNormalizeAxis(a, rank, out _)), "an axis is outside the input");
        int[] axes = given.Select(a => a < 0 ? (int)(a + rank) : (int)a).ToArray();
        return axes.Length > 0 && new ResizeComposition(node, compose, axes).TryWrite(parameters);
    }

    private bool TryWrite(ResizeParameters parameters)
    {
        int factors = HasSizes ? 3 : 2;
        if (!ResizingOperator.Given(_node, factors) || _node.Required(factors) is not { Shape.IsDynamic: false } numbers || numbers.Shape.ElementCount != _axes.Length)
        {
            return false;
        }

        Value lengths = _compose.Context.ShapeValue(new Shape(_axes.Select(a => Input.Extent(a))));
        Value vector = _compose.Reshape(numbers, _axes.Length);
        (Value scales, Value wanted) = HasSizes ? OfSizes(vector, lengths) : OfScales(vector, lengths);
        if (HasSizes && _policy == "stretch" && wanted is { IsConstant: false, Sizes: null })
        {
            return false;
        }

        Value? region = null;
        if (parameters.Coordinates == ResizingOperator.CropAndResize)
        {
            _compose.Check(ResizingOperator.Given(_node, 1) && _node.Required(1).Shape is { IsDynamic: false } roi && roi.ElementCount == 2 * _axes.Length, $"the input roi must have {2 * _axes.Length} elements");
            region = _compose.Cast(_compose.Reshape(_node.Required(1), 2 * _axes.Length), ElementType.Float64);
        }

        string[] names = { "mode", "coordinate_transformation_mode", "nearest_mode", "cubic_coeff_a", "exclude_outside", "antialias", "extrapolation_value" };
        (string, object)[] attributes = names.Where(_node.Attributes.Has).Select(n => (n, _node.Attributes.Raw(n)!))
            .Append(("axes", _axes.Select(static a => (long)a).ToArray()))
            .ToArray();
        Operator definition = OperatorRegistry.Get(nameof(ResizeByScales), Operator.InternalDomain);
        _compose.Return(_compose.Op(definition, new[] { _node.Required(0), region, scales, Sized(vector, wanted) }, attributes));
        return true;
    }

    /// <summary>Scales as they are given, and the lengths rounded down.</summary>
    private (Value Scales, Value Lengths) OfScales(Value scales, Value lengths)
    {
        _compose.Require(scales, ElementType.Float32);
        Value products = _compose.Mul(scales, _compose.Cast(lengths, ElementType.Float32));
        return (scales, _compose.Cast(_compose.Op("Floor", products), ElementType.Int64));
    }

    /// <summary>The ratios of lengths, or the least or greatest of them for all axes.</summary>
    private (Value Scales, Value Lengths) OfSizes(Value sizes, Value lengths)
    {
        _compose.Require(sizes, ElementType.Int64, ElementType.Int32);
        Value least = _compose.Op("Max", lengths, _compose.Ints(1));
        Value ratios = _compose.Div(_compose.Cast(sizes, ElementType.Float64), _compose.Cast(least, ElementType.Float64));
        if (_policy == "stretch")
        {
            return (_compose.Cast(ratios, ElementType.Float32), _compose.Cast(sizes, ElementType.Int64));
        }

        Value ratio = _compose.Reduce(_policy == "not_larger" ? "ReduceMin" : "ReduceMax", ratios, keep: true, 0);
        Value products = _compose.Mul(ratio, _compose.Cast(lengths, ElementType.Float64));
        Value rounded = _compose.Op("Floor", _compose.Add(products, _compose.Scalar(0.5, ElementType.Float64)));
        return (_compose.Expand(_compose.Cast(ratio, ElementType.Float32), _axes.Length), _compose.Cast(rounded, ElementType.Int64));
    }

    /// <summary>The lengths as sizes: expressions where there are such, else counts that the run finds.</summary>
    private Value Sized(Value factors, Value lengths)
    {
        if (lengths.IsConstant || lengths.Sizes?.Elements is not null)
        {
            return lengths;
        }

        Size?[] known = _axes.Select((_, i) => Known(factors, lengths, i)).ToArray();
        int[] counted = Enumerable.Range(0, _axes.Length).Where(i => known[i] is null).ToArray();
        SizeRange[] ranges = counted.Select(i => Range(factors, lengths, i)).ToArray();
        Value found = _compose.Context.SizesIn(_compose.Op("Gather", lengths, _compose.Ints(counted.Select(static i => (long)i).ToArray())), ranges);
        for (int i = 0; i < counted.Length; i++)
        {
            known[counted[i]] = found.Sizes?.Elements![i] ?? Size.Of(found.Constant!.ToInt64Array()[i]);
        }

        return _compose.Context.SizeVector(known.Select(static k => k!).ToArray());
    }

    /// <summary>A length that follows from that of the input; null if only data say it.</summary>
    private Size? Known(Value factors, Value lengths, int index)
    {
        Size input = Input.Extent(_axes[index]).Expression;
        if (lengths.Sizes is { IsUndecided: false } sizes)
        {
            long[] values = Enumerable.Range(0, SizeSamples.Count).Select(s => sizes.At(s).ToInt64Array()[index]).ToArray();
            return SizeFitting.Find(values, new[] { input });
        }

        return HasSizes ? null : Constant(factors, index) == 1 ? input : null;
    }

    /// <summary>One scale, where it is a constant among data.</summary>
    private static double? Constant(Value vector, int index) =>
        ScalarSource.Find(vector, index) is var (source, at) && source.Constant is { } constant ? ElementEvaluation.Read(constant, at) : null;

    /// <summary>What a length can be: as declared, or as the samples, or the bounds of sizes and scales, have it.</summary>
    private SizeRange Range(Value factors, Value lengths, int index)
    {
        string name = $"{_compose.Context.OutputName(0)}.shape";
        if (_compose.Context.DeclaredRange(name, _axes[index]) is { } declared)
        {
            return declared;
        }

        double? most = lengths.Sizes is { IsUndecided: false } sizes
            ? Enumerable.Range(0, SizeSamples.Count).Max(s => sizes.At(s).ToInt64Array()[index])
            : MostOf(factors, index);
        return most <= SizesOfData.MaxBound
            ? new SizeRange(0, Math.Max(1, (long)most.Value))
            : throw _compose.Fail(
                DiagnosticCodes.ShapeNotConstant,
                $"the length of axis {_axes[index]} of its output depends on data that nothing bounds",
                $"Declare what it can be: Dimensions=\"{name}.value[{_axes[index]}]=1..512\" on the project item, or --dim \"{name}.value[{_axes[index]}]=1..512\" (or {name}.value for all axes).");
    }

    private double? MostOf(Value factors, int index)
    {
        double? High(int i) => ScalarSource.Find(factors, i) is var (source, _) && ValueBounds.Of(source) is { } bounds ? bounds.High : null;
        Extent length = Input.Extent(_axes[index]);
        if (!HasSizes)
        {
            return High(index) * length.Maximum;
        }

        // The least ratio makes no axis longer than it is asked for.
        return _policy == "not_larger"
            ? High(index)
            : Enumerable.Range(0, _axes.Length).Max(i => High(i) is { } high ? high / Math.Max(1, Input.Extent(_axes[i]).Expression.LowerBound) : double.PositiveInfinity) * length.Maximum;
    }
}
