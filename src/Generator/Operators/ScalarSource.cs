using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Where single numbers come from, seen through the nodes that exporters put around them.</summary>
internal static class ScalarSource
{
    private const int MaxDepth = 16;

    /// <summary>Numbers beyond this are no positions.</summary>
    private const long MaxNumber = 1 << 24;

    /// <summary>An element of a vector as one number of type i64, as near to where it is made as possible.</summary>
    /// <param name="compose">Adds nodes that take it out, if there must be any.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="index">Its element.</param>
    public static Value Element(Composer compose, Value vector, int index)
    {
        (vector, index) = Find(vector, index);
        Value element = vector.Shape.ElementCount == 1
            ? compose.Reshape(vector, Shape.Scalar)
            : compose.Gather(compose.Reshape(vector, vector.Shape.ElementCount), compose.Scalar(index, ElementType.Int64), 0);
        return compose.Cast(element, ElementType.Int64);
    }

    /// <summary>The vector that an element of a vector comes from, as near to where it is made as possible, and which of its elements it is.</summary>
    public static (Value Vector, int Index) Find(Value vector, int index)
    {
        while (vector.Producer is { Epilogue: null } node && node.Operator.Domain.Length == 0)
        {
            if (node.Operator.Name == "Concat" && node.Inputs.All(static v => v!.Shape is { Rank: 1, IsDynamic: false }))
            {
                int part = 0;
                for (; index >= node.Inputs[part]!.Shape[0]; part++)
                {
                    index -= node.Inputs[part]!.Shape[0];
                }

                vector = node.Inputs[part]!;
            }
            else if (IsRenaming(node) && !node.Required(0).Shape.IsDynamic)
            {
                vector = node.Required(0);
            }
            else
            {
                break;
            }
        }

        return (vector, index);
    }

    /// <summary>By how much a number is greater than another one, whatever they are; null if that is not known.</summary>
    public static long? Difference(Value smaller, Value greater)
    {
        if (smaller.Constant is { } first && greater.Constant is { } second)
        {
            long[] ends = { first.ToInt64Array()[0], second.ToInt64Array()[0] };
            return ends[0] >= 0 && ends[1] >= 0 && ends[1] < int.MaxValue ? ends[1] - ends[0] : null;
        }

        (Value Source, long Factor, long Offset) a = Trace(smaller);
        (Value Source, long Factor, long Offset) b = Trace(greater);
        return ReferenceEquals(a.Source, b.Source) && a.Factor == b.Factor ? b.Offset - a.Offset : null;
    }

    /// <summary>A number as another one times a factor and something added.</summary>
    private static (Value Source, long Factor, long Offset) Trace(Value value)
    {
        long factor = 1;
        long offset = 0;
        for (int depth = 0; depth < MaxDepth && value.Producer is { Epilogue: null } node && node.Operator.Domain.Length == 0; depth++)
        {
            if (IsRenaming(node) && node.Required(0).Shape is { IsDynamic: false, ElementCount: 1 })
            {
                value = node.Required(0);
                continue;
            }

            bool isArithmetic = node.Operator.Name is "Add" or "Sub" or "Mul";
            long? second = isArithmetic ? Constant(node.Required(1)) : null;
            long? first = isArithmetic && second is null && node.Operator.Name != "Sub" ? Constant(node.Required(0)) : null;
            if ((second ?? first) is not { } number || Math.Abs(number) > MaxNumber || Math.Abs(factor) > MaxNumber)
            {
                break;
            }

            value = node.Required(second is null ? 1 : 0);
            factor *= node.Operator.Name == "Mul" ? number : 1;
            offset = node.Operator.Name switch
            {
                "Add" => offset + (factor * number),
                "Sub" => offset - (factor * number),
                _ => offset,
            };
        }

        return (value, factor, offset);
    }

    private static long? Constant(Value value) => value.Constant is { } constant && constant.Shape.ElementCount == 1 && value.Type is ElementType.Int64 or ElementType.Int32
        ? constant.ToInt64Array()[0]
        : null;

    private static bool IsRenaming(Node node) => node.Operator.Name is "Unsqueeze" or "Squeeze" or "Reshape" or "Identity" or "Flatten"
        || (node.Operator.Name == "Cast" && IsWhole(node.Required(0).Type) && IsWhole(node.Output.Type));

    private static bool IsWhole(ElementType type) => type is ElementType.Int64 or ElementType.Int32;
}
