using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// What whole numbers that are computed from data can be at least and at most: as many true elements as a mask has at most, a position
/// along an axis, a number that is cut off at another one.
/// </summary>
internal static class ValueBounds
{
    /// <summary>Nodes that are looked through.</summary>
    private const int MaxDepth = 24;

    /// <summary>Beyond this a number is as good as unbounded; products of two stay exact.</summary>
    private const long Limit = int.MaxValue;

    /// <summary>The bounds of all elements of a value; null if there are none.</summary>
    public static (long Low, long High)? Of(Value value) => Of(value, MaxDepth) is { } bounds && bounds.Low >= -Limit && bounds.High <= Limit ? bounds : null;

    private static (long Low, long High)? Of(Value value, int depth)
    {
        if (value.KnownAtMaximum is { } known)
        {
            return OfKnown(value, known);
        }

        if (value.Type == ElementType.Bool)
        {
            return (0, 1);
        }

        (long, long)? computed = depth == 0 || value.Producer is not { Epilogue: null } node ? null : OfNode(node, value, depth - 1);
        return computed ?? value.Type switch
        {
            ElementType.UInt8 => (0, byte.MaxValue),
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.UInt16 => (0, ushort.MaxValue),
            ElementType.Int16 => (short.MinValue, short.MaxValue),
            _ => null,
        };
    }

    private static (long Low, long High)? OfKnown(Value value, Tensor known)
    {
        if (value.Sizes is { } sizes)
        {
            return sizes.Elements is not { Count: > 0 } elements ? null : (elements.Min(static e => e.Bounds.Low), elements.Max(static e => e.Bounds.High));
        }

        if (!known.IsCheap || known.Shape.ElementCount is 0 or > SizeTensor.MaxElements || value.Type == ElementType.String)
        {
            return null;
        }

        double[] numbers = Enumerable.Range(0, (int)known.Shape.ElementCount).Select(i => ElementEvaluation.Read(known, i)).ToArray();
        return numbers.All(static e => Math.Abs(e) <= Limit) ? ((long)Math.Floor(numbers.Min()), (long)Math.Ceiling(numbers.Max())) : null;
    }

    private static (long Low, long High)? OfNode(Node node, Value value, int depth)
    {
        if (node.Operator.Domain.Length > 0)
        {
            return null;
        }

        switch (node.Operator.Name)
        {
            case "Cast" or "Identity" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" or "Transpose" or "Expand" or "Tile" or "Slice" or "Split"
                or "Gather" or "GatherElements" or "GatherND" or "ReduceMax" or "ReduceMin" or "Floor" or "Ceil" or "Round" or "CastLike":
                return Of(node.Required(0), depth);
            case "TopK":
                return ReferenceEquals(value, node.Outputs[0]) ? Of(node.Required(0), depth) : (0, AxisLength(node, -1) - 1);
            case "ArgMax" or "ArgMin":
                return (0, AxisLength(node, 0) - 1);
            case "NonZero":
                return (0, Math.Max(0, node.Required(0).Shape.Dimensions.DefaultIfEmpty(0).Max() - 1));
            case "ReduceSum" when node.Output.Shape.ElementCount > 0:
                return Scale(Of(node.Required(0), depth), node.Required(0).Shape.ElementCount / node.Output.Shape.ElementCount);
            case "CumSum":
                return Scale(Of(node.Required(0), depth), node.Required(0).Shape.Dimensions.DefaultIfEmpty(1).Max());
            case "Concat":
                return Join(node.Inputs.Select(v => Of(v!, depth)).ToArray());
            case "Where":
                return Join(Of(node.Required(1), depth), Of(node.Required(2), depth));
            case "Min" or "Max" or "Clip":
                return OfLimit(node, depth);
            case "Add" or "Sub" or "Mul" or "Div" or "Mod":
                return OfArithmetic(node, depth);
            default:
                return null;
        }
    }

    /// <summary>A smallest or largest of several is bounded on one side by any of them.</summary>
    private static (long Low, long High)? OfLimit(Node node, int depth)
    {
        (long Low, long High) Bounds(Value? v) => (v is null ? null : Of(v, depth)) ?? (-2 * Limit, 2 * Limit);
        if (node.Operator.Name == "Clip")
        {
            (long Low, long High) x = Bounds(node.Required(0));
            long least = Bounds(node.Input(1)).Low;
            long most = Bounds(node.Input(2)).High;
            return (Math.Min(Math.Max(x.Low, least), most), Math.Max(Math.Min(x.High, most), Math.Min(least, most)));
        }

        (long Low, long High)[] all = node.Inputs.Select(Bounds).ToArray();
        return node.Operator.Name == "Min"
            ? (all.Min(static b => b.Low), all.Min(static b => b.High))
            : (all.Max(static b => b.Low), all.Max(static b => b.High));
    }

    private static (long Low, long High)? OfArithmetic(Node node, int depth)
    {
        if (!node.Output.Type.IsInteger() || Of(node.Required(0), depth) is not { } a || Of(node.Required(1), depth) is not { } b || IsFar(a) || IsFar(b))
        {
            return null;
        }

        switch (node.Operator.Name)
        {
            case "Add":
                return (a.Low + b.Low, a.High + b.High);
            case "Sub":
                return (a.Low - b.High, a.High - b.Low);
            case "Mul":
                long[] products = { a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High };
                return (products.Min(), products.Max());
            case "Div" when b.Low > 0 && a.Low >= 0:
                return (a.Low / b.High, a.High / b.Low);
            case "Mod" when b.Low > 0 && a.Low >= 0:
                return (0, Math.Min(a.High, b.High - 1));
            default:
                return null;
        }
    }

    private static bool IsFar((long Low, long High) bounds) => bounds.Low < -Limit || bounds.High > Limit;

    private static (long Low, long High)? Scale((long Low, long High)? bounds, long count) => bounds is not { } b || IsFar(b) || count > Limit
        ? null
        : (Math.Min(0, b.Low * count), Math.Max(0, b.High * count));

    private static (long Low, long High)? Join(params (long Low, long High)?[] all) => all.Length == 0 || all.Any(static b => b is null)
        ? null
        : (all.Min(static b => b!.Value.Low), all.Max(static b => b!.Value.High));

    private static long AxisLength(Node node, long fallback) =>
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", fallback), node.Required(0).Shape.Rank, out int axis) ? node.Required(0).Shape[axis] : int.MaxValue;
}
