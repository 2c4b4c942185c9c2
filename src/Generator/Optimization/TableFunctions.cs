using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// An element-wise function of rows that are looked up in a constant table, with constants that are the same for all rows: it is applied to the
/// table, when the weights are packed. So scaled embeddings and the bias behind <see cref="TableProducts"/> take no time.
/// </summary>
internal sealed class TableFunctions : NodePass
{
    /// <summary>A larger table takes longer to compute at compile time than a run can win.</summary>
    private const long MaxElements = 1L << 22;

    /// <summary>Tables up to this size are copied where others read them too; larger ones would make the weights grow.</summary>
    private const long SharedLimitBytes = 4096;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node is not { Operator: ElementwiseOperator function, Epilogue: null, Outputs: { Count: 1 }, Output: { Type: ElementType.Float32 } output }
            || function.Operands(node).Where(static v => !v.IsConstant).ToArray() is not { Length: 1 } data
            || !data[0].Shape.Equals(output.Shape)
            || !AreRows(node, data[0])
            || Find(data[0], rewriter) is not { } moves)
        {
            return false;
        }

        Node lookUp = moves.Pop();
        Value before = lookUp.Required(0);
        if (before.Shape.ElementCount > MaxElements || (before.Uses.Count > 1 && before.Constant!.ByteCount > SharedLimitBytes))
        {
            return false;
        }

        Value table = GraphRewriter.Fold(rewriter.InsertLike(node, node.Inputs.Select(v => ReferenceEquals(v, data[0]) ? before : Row(v, function.Operands(node), rewriter))));
        if (!table.IsConstant)
        {
            table.Producer!.Remove();
            return false;
        }

        rewriter.ReplaceNode(node, TableLookUp.Repeat(lookUp, table, moves, rewriter));
        return true;
    }

    /// <summary>The look-up that a value is made by, on top of what moved its rows; null if others read what is in between.</summary>
    private static Stack<Node>? Find(Value value, GraphRewriter rewriter)
    {
        var path = new Stack<Node>();
        while (value.Producer is { } node && rewriter.HasSingleUse(value))
        {
            path.Push(node);
            if (TableLookUp.Is(node))
            {
                return path;
            }

            if (!TableLookUp.MovesRows(node))
            {
                return null;
            }

            value = node.Required(0);
        }

        return null;
    }

    /// <summary>True if all other inputs are constants with one element for each column, or one for all.</summary>
    private static bool AreRows(Node node, Value data) => node.Inputs.All(v => v is null
        || ReferenceEquals(v, data)
        || (v is { IsConstant: true } && (v.Shape.ElementCount == 1 || (v.Shape.Rank > 0 && v.Shape.ElementCount == v.Shape[v.Shape.Rank - 1]))));

    private static Value? Row(Value? operand, IReadOnlyList<Value> operands, GraphRewriter rewriter) => operand is { Shape.Rank: > 1 } && operands.Contains(operand)
        ? rewriter.Reshape(operand, new Shape((int)operand.Shape.ElementCount), operand.Name)
        : operand;
}
