using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Movement;

namespace AotCompiler.Optimization;

/// <summary>
/// Products of rows that are looked up in a constant table with constant weights: the table is multiplied instead, when the weights are packed, and
/// a run looks up rows of the product. Embeddings before the input weights of an LSTM or GRU, or before a layer of a network. Of rows that stand
/// beside others, as an embedding beside a state, it is that part of the sums.
/// </summary>
/// <remarks>
/// A row of the product may be longer than one of the table, so the weights might grow: by no more than <see cref="GrowthDivisor"/> allows.
/// A table whose product is too much work at compile time stays as it is (<see cref="ConstantFolder"/>).
/// </remarks>
internal sealed class TableProducts : NodePass
{
    /// <summary>The model's weights may grow by this part of them.</summary>
    private const int GrowthDivisor = 8;

    /// <summary>Sums of fewer terms are computed about as fast as their results are fetched.</summary>
    private const int MinTerms = 8;

    /// <summary>The same for a part of the terms, whose sums are fetched and added to the others.</summary>
    private const int MinTermsOfPart = 64;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!TableLookUp.Is(node) || node.Required(0).Shape[1] < MinTerms)
        {
            return false;
        }

        var products = new List<TableProduct>();
        bool vanishes = Collect(node.Output, new List<Node>(), products, rewriter) && node.Required(0).Uses.Count == 1;
        return products.Count > 0 && Fits(node.Required(0), vanishes, products, rewriter.Graph) && Rewrite(node, products, rewriter);
    }

    /// <summary>Finds the products of a value's rows; false if anything else reads them.</summary>
    private static bool Collect(Value value, IReadOnlyList<Node> moves, List<TableProduct> products, GraphRewriter rewriter)
    {
        bool all = !rewriter.Graph.IsOutput(value);
        foreach (Use use in value.Uses)
        {
            if (use.Node.Inputs.Count(v => ReferenceEquals(v, value)) > 1)
            {
                all = false;
            }
            else if (IsJoin(use.Node, value, rewriter.Graph))
            {
                products.AddRange(use.Node.Output.Uses.Select(u => new TableProduct(u.Node, moves, value, use.Node)));
            }
            else if (use.Index == 0 && TableLookUp.MovesRows(use.Node))
            {
                all &= Collect(use.Node.Output, moves.Append(use.Node).ToArray(), products, rewriter);
            }
            else if (use.Index == 0 && TableProduct.Is(use.Node))
            {
                products.Add(new TableProduct(use.Node, moves, value, null));
            }
            else
            {
                all = false;
            }
        }

        return all;
    }

    /// <summary>True for a Concat that sets rows beside others for products alone.</summary>
    private static bool IsJoin(Node node, Value rows, Graph graph) => node is { Operator: Concat, Epilogue: null, Inputs.Count: > 1 }
        && Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), rows.Shape.Rank, out int axis)
        && axis == rows.Shape.Rank - 1
        && rows.Shape[axis] >= MinTermsOfPart
        && !node.Output.Shape.IsDynamicAt(axis)
        && node.Inputs.All(v => v is not null && !v.Shape.IsDynamicAt(axis))
        && node.Output.Uses.Count > 0
        && !graph.IsOutput(node.Output)
        && node.Output.Uses.All(static u => u.Index == 0 && TableProduct.Is(u.Node) && u.Node.Inputs.Count(v => ReferenceEquals(v, u.Node.Input(0))) == 1);

    /// <summary>True if the weights grow by no more than they may: the products' tables are new, and what nobody reads any more is not kept.</summary>
    private static bool Fits(Value table, bool vanishes, List<TableProduct> products, Graph graph)
    {
        long before = vanishes ? table.Shape.ElementCount : 0;
        foreach (TableProduct product in products.GroupBy(static p => p.Weights).Select(static g => g.First()))
        {
            before += product.Weights.Uses.All(u => products.Exists(p => ReferenceEquals(p.Node, u.Node))) ? product.WeightsOfRows : 0;
        }

        long growth = products.Sum(p => (long)table.Shape[0] * p.Columns) - before;
        return growth <= 0 || growth * sizeof(float) <= WeightBytes(graph) / GrowthDivisor;
    }

    private static long WeightBytes(Graph graph) => graph.Nodes.SelectMany(static n => n.Inputs)
        .OfType<Value>()
        .Where(static v => v.IsConstant)
        .Distinct()
        .Sum(static v => v.Constant!.ByteCount);

    private static bool Rewrite(Node lookUp, List<TableProduct> products, GraphRewriter rewriter)
    {
        Value[] tables = products.Select(p => GraphRewriter.Fold(p.Multiply(lookUp.Required(0), rewriter))).ToArray();
        if (tables.Any(static t => !t.IsConstant))
        {
            foreach (Value table in tables.Where(static t => !t.IsConstant))
            {
                table.Producer!.Remove();
            }

            return false;
        }

        for (int i = 0; i < tables.Length; i++)
        {
            products[i].Replace(TableLookUp.Repeat(lookUp, tables[i], products[i].Moves, rewriter), rewriter);
        }

        return true;
    }
}
