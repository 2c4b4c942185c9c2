using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>The labels of an <see cref="Einsum"/> equation, axis by axis: characters, and negative numbers for the axes of an ellipsis, the last -1.</summary>
internal sealed record EinsumEquation(IReadOnlyList<IReadOnlyList<int>> Inputs, IReadOnlyList<int> Output)
{
    /// <summary>Reads the attribute <c>equation</c>.</summary>
    public static EinsumEquation Parse(Composer compose, Value[] operands)
    {
        string text = compose.Node.Attributes.String("equation", string.Empty).Replace(" ", string.Empty);
        int arrow = text.IndexOf("->", System.StringComparison.Ordinal);
        string[] terms = (arrow < 0 ? text : text.Substring(0, arrow)).Split(',');
        if (terms.Length != operands.Length)
        {
            throw Fail(compose, text, $"has {terms.Length} terms for {operands.Length} inputs");
        }

        int[][] inputs = terms.Select((t, i) => Labels(compose, text, t, operands[i].Shape.Rank)).ToArray();
        int ellipsis = inputs.Max(static l => l.Count(static x => x < 0));
        int[] output = arrow < 0
            ? Enumerable.Range(-ellipsis, ellipsis).Concat(inputs.SelectMany(static l => l).Where(static l => l > 0).GroupBy(static l => l).Where(static g => g.Count() == 1).Select(static g => g.Key).OrderBy(static l => l)).ToArray()
            : Labels(compose, text, text.Substring(arrow + 2), text.Substring(arrow + 2).Replace("...", string.Empty).Length + ellipsis);
        if (output.Distinct().Count() != output.Length || output.Any(l => !inputs.Any(i => i.Contains(l))))
        {
            throw Fail(compose, text, "has an output label that is repeated or that no input has");
        }

        CheckExtents(compose, text, inputs, operands);
        return new EinsumEquation(inputs, output);
    }

    private static int[] Labels(Composer compose, string text, string term, int rank)
    {
        int dots = term.IndexOf("...", System.StringComparison.Ordinal);
        string named = term.Replace("...", string.Empty);
        int free = rank - named.Length;
        if (named.Any(static c => !char.IsLetter(c)) || free < 0 || (dots < 0 && free > 0))
        {
            throw Fail(compose, text, $"has a term '{term}' for {rank} axes");
        }

        IEnumerable<int> before = (dots < 0 ? named : term.Substring(0, dots)).Select(static c => (int)c);
        IEnumerable<int> after = dots < 0 ? Enumerable.Empty<int>() : term.Substring(dots + 3).Select(static c => (int)c);
        return before.Concat(Enumerable.Range(-free, free)).Concat(after).ToArray();
    }

    private static void CheckExtents(Composer compose, string text, int[][] inputs, Value[] operands)
    {
        var extents = new Dictionary<int, Extent>();
        for (int i = 0; i < inputs.Length; i++)
        {
            for (int axis = 0; axis < inputs[i].Length; axis++)
            {
                Extent extent = operands[i].Shape.Extent(axis);
                if (extents.TryGetValue(inputs[i][axis], out Extent other) && other != extent && other != 1 && extent != 1)
                {
                    throw Fail(compose, text, $"has a label for axes of length {other} and {extent}");
                }

                extents[inputs[i][axis]] = extent == 1 && extents.ContainsKey(inputs[i][axis]) ? other : extent;
            }
        }
    }

    private static ModelException Fail(Composer compose, string text, string reason) =>
        compose.Fail(DiagnosticCodes.ShapeMismatch, $"the equation '{text}' {reason}");
}
