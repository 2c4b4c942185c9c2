using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Optimization;

/// <summary>Questions that patterns ask of nodes and values.</summary>
internal static class NodeQueries
{
    /// <summary>True for a node of that standard operator without an epilogue.</summary>
    public static bool Is(this Node node, string op) => node.Operator.Domain.Length == 0 && node.Operator.Name == op && node.Epilogue is null;

    /// <summary>The node that makes the value, if it is of that standard operator and the value is its first output.</summary>
    public static Node? MakerOf(this Value? value, string op) =>
        value?.Producer is { } node && node.Is(op) && ReferenceEquals(node.Output, value) ? node : null;

    /// <summary>The one element of a numeric constant at hand.</summary>
    public static bool TryScalar(this Value? value, out double scalar)
    {
        scalar = 0;
        if (value?.Constant is not { IsCheap: true } constant || constant.Shape.ElementCount != 1 || !IsNumeric(constant.Type))
        {
            return false;
        }

        scalar = ElementEvaluation.Read(constant, 0);
        return true;
    }

    /// <summary>The value that all elements of a small numeric constant have.</summary>
    public static bool TryUniform(this Value? value, out double element)
    {
        element = 0;
        if (value?.Constant is not { IsCheap: true } constant || constant.Shape.ElementCount == 0 || !IsNumeric(constant.Type))
        {
            return false;
        }

        element = ElementEvaluation.Read(constant, 0);
        for (int i = 1; i < constant.Shape.ElementCount; i++)
        {
            if (!ElementEvaluation.Read(constant, i).Equals(element))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The value of a constant flag.</summary>
    public static bool TryUniformFlag(this Value? value, out bool flag)
    {
        flag = value?.Constant is { Type: ElementType.Bool, IsCheap: true } constant && constant.Shape.ElementCount > 0 && ElementEvaluation.ReadInteger(constant, 0) != 0;
        return value?.Constant is { Type: ElementType.Bool, IsCheap: true } known && known.Shape.ElementCount == 1;
    }

    /// <summary>For a binary node with a scalar constant on one side: that constant and the other operand.</summary>
    public static bool TrySplitScalar(this Node node, out Value other, out double scalar)
    {
        if (node.Input(1).TryScalar(out scalar))
        {
            other = node.Required(0);
            return true;
        }

        other = node.Required(1);
        return node.Input(0).TryScalar(out scalar);
    }

    /// <summary>The permutation of a Transpose: output axis i is input axis perm[i].</summary>
    public static int[] Permutation(this Node transpose) =>
        transpose.Attributes.Ints("perm") is { } perm
            ? perm.Select(static p => (int)p).ToArray()
            : Enumerable.Range(0, transpose.Output.Shape.Rank).Reverse().ToArray();

    /// <summary>The axes a reduction runs over, ascending; null if they are not constant.</summary>
    public static int[]? ReducedAxes(this Node reduction)
    {
        int rank = reduction.Required(0).Shape.Rank;
        long[]? axes = reduction.Input(1) is { } input ? input.Constant?.ToInt64Array() : Array.Empty<long>();
        if (axes is { Length: 0 })
        {
            return reduction.Attributes.Flag("noop_with_empty_axes", false) ? axes.Select(static a => (int)a).ToArray() : Enumerable.Range(0, rank).ToArray();
        }

        return axes?.Select(a => (int)(a < 0 ? a + rank : a)).OrderBy(static a => a).ToArray();
    }

    private static bool IsNumeric(ElementType type) => type.IsInteger() || type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;
}
