using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// A Gather that picks whole rows of a constant table by run-time indices, an embedding, and what may be said of the table instead of the rows:
/// a function of each row alone gives the same rows wherever it is computed.
/// </summary>
internal static class TableLookUp
{
    /// <summary>True for a Gather of rows of a constant f32 matrix.</summary>
    public static bool Is(Node node) => node.Is("Gather")
        && node.Required(0) is { Type: ElementType.Float32, IsConstant: true, Shape.Rank: 2 } table
        && table.Shape.ElementCount > 0
        && Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), 2, out int axis)
        && axis == 0
        && !node.Required(1).IsConstant
        && node.Output.Shape.ElementCount > 0;

    /// <summary>True for a node whose rows along the last axis are rows of its input 0: it gives them another shape or order, or drops some.</summary>
    public static bool MovesRows(Node node)
    {
        if (node.Epilogue is not null || node.Outputs.Count != 1 || node.Input(0) is not { } rows)
        {
            return false;
        }

        int last = rows.Shape.Rank - 1;
        Shape shape = node.Output.Shape;
        if (last < 0 || shape.Rank == 0 || shape.ElementCount == 0 || shape.Extent(shape.Rank - 1) != rows.Shape.Extent(last))
        {
            return false;
        }

        return node.Operator is IReshapingOperator
            || (node.Is("Transpose") && Operators.Movement.Transpose.Permutation(node)[last] == last)
            || (AxisPart.TakenBy(node) is { } part && part.Axis < last);
    }

    /// <summary>Looks rows up in another table, of any width, and moves them as others were moved.</summary>
    /// <param name="lookUp">The Gather.</param>
    /// <param name="table">The table.</param>
    /// <param name="moves">What happened to the rows, in order.</param>
    /// <param name="rewriter">The graph.</param>
    public static Value Repeat(Node lookUp, Value table, IEnumerable<Node> moves, GraphRewriter rewriter)
    {
        Value rows = rewriter.InsertLike(lookUp, new[] { table, lookUp.Required(1) });
        foreach (Node move in moves)
        {
            Shape shape = move.Output.Shape.With(move.Output.Shape.Rank - 1, table.Shape[1]);
            rows = move.Operator is IReshapingOperator
                ? rewriter.Reshape(rows, shape, move.Name)
                : rewriter.InsertLike(move, move.Inputs.Skip(1).Prepend(rows));
        }

        return rows;
    }
}
