using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>Recognises how exporters number one row of each of a batch: 0, 1, 2, … beside the row's index, or the index plus where the batch's rows begin.</summary>
internal static class RowNumbers
{
    /// <summary>The indices within the batch, if numbers of rows of [batch · length] are one of each of the batch.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="batch">Size of the batch.</param>
    /// <param name="length">Rows of each.</param>
    /// <returns>[batch]; null if the numbers are not proven to be so.</returns>
    public static Value? WithinBatch(Value numbers, Extent batch, Extent length)
    {
        if (numbers.MakerOf("Add") is not { } sum || numbers.Shape.Rank != 1 || numbers.Shape.Extent(0) != batch)
        {
            return null;
        }

        for (int i = 0; i < 2; i++)
        {
            Value index = sum.Required(i);
            if (index.Shape.Equals(numbers.Shape) && IsBelow(index, length) && CountsBy(sum.Required(1 - i), length.Expression, batch))
            {
                return index;
            }
        }

        return null;
    }

    /// <summary>The second numbers of pairs [batch, 2] whose first ones are 0, 1, 2, …; null if they are anything else.</summary>
    public static Value? BesideCount(Value pairs)
    {
        Extent batch = pairs.Shape.Extent(0);
        return pairs.MakerOf("Concat") is { Inputs.Count: 2 } concat
            && concat.Inputs.All(v => v!.Shape.Rank == 2 && v.Shape.Extent(0) == batch && v.Shape.Extent(1) == 1)
            && CountsBy(WithoutUnits(concat.Required(0)), Size.Of(1), batch)
            ? concat.Required(1)
            : null;
    }

    private static Value WithoutUnits(Value value) => value.Producer is { Epilogue: null, Operator: IReshapingOperator } node && node.Required(0).Shape.Rank == 1
        ? node.Required(0)
        : value;

    /// <summary>True if the elements are known to be in 0..length-1.</summary>
    private static bool IsBelow(Value value, Extent length)
    {
        if (!length.IsDynamic)
        {
            return ValueBounds.Of(value) is { Low: >= 0 } bounds && bounds.High < length.Maximum;
        }

        while (value.Producer is { Epilogue: null } node && (node.Is("Cast") || node.Operator is IReshapingOperator))
        {
            value = node.Required(0);
        }

        return (value.MakerOf("ArgMax") ?? value.MakerOf("ArgMin")) is { } position
            && Shape.TryNormalizeAxis(position.Attributes.Int("axis", 0), position.Required(0).Shape.Rank, out int axis)
            && position.Required(0).Shape.Extent(axis) == length;
    }

    /// <summary>True for 0, step, 2 · step, ….</summary>
    private static bool CountsBy(Value value, Size step, Extent count)
    {
        if (value.Constant is { } constant)
        {
            bool fits = !count.IsDynamic && value.Shape.ElementCount == count.Maximum && value.Type.IsInteger() && step.Constant is not null;
            return fits && constant.ToInt64Array().Select((n, i) => n == i * step.Constant).All(static same => same);
        }

        if (value.Sizes?.Elements is { } elements)
        {
            return !count.IsDynamic && elements.Count == count.Maximum && elements.Select((n, i) => n.Equals(step * Size.Of(i))).All(static same => same);
        }

        if (value.MakerOf("Mul") is { } product)
        {
            return Enumerable.Range(0, 2).Any(i => IsNumber(product.Required(1 - i), step) && CountsBy(product.Required(i), Size.Of(1), count));
        }

        return step.Constant == 1
            && value.MakerOf("Range") is { } range
            && value.Shape.Extent(0) == count
            && IsNumber(range.Required(0), Size.Of(0))
            && IsNumber(range.Required(2), Size.Of(1));
    }

    private static bool IsNumber(Value value, Size number) => value.Shape.ElementCount == 1
        && ((value.Constant is { } constant && value.Type.IsInteger() && constant.ToInt64Array()[0] == number.Constant)
            || (value.Sizes?.Elements is { } elements && elements[0].Equals(number)));
}
