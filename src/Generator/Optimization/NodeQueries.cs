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
        double? element = value is { Shape.ElementCount: 1, Type: not ElementType.Bool } ? ElementEvaluation.Uniform(value.Constant) : null;
        scalar = element ?? 0;
        return element is not null;
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
}
