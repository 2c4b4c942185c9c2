using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Recurrent;

namespace AotCompiler.Optimization;

/// <summary>
/// Products of rows that are looked up in a constant table with constant weights: the table is multiplied instead, when the weights are packed, and
/// a run looks up rows of the product. Embeddings before the input weights of an LSTM or GRU, or before a layer of a network.
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

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!TableLookUp.Is(node) || node.Required(0).Shape[1] < MinTerms)
        {
            return false;
        }

        var products = new List<Product>();
        bool vanishes = Collect(node.Output, new List<Node>(), products, rewriter) && node.Required(0).Uses.Count == 1;
        return products.Count > 0 && Fits(node.Required(0), vanishes, products, rewriter.Graph) && Rewrite(node, products, rewriter);
    }

    /// <summary>Finds the products of a value's rows; false if anything else reads them.</summary>
    private static bool Collect(Value value, IReadOnlyList<Node> moves, List<Product> products, GraphRewriter rewriter)
    {
        bool all = !rewriter.Graph.IsOutput(value);
        foreach (Use use in value.Uses)
        {
            if (use.Index != 0 || use.Node.Inputs.Skip(1).Contains(value))
            {
                all = false;
            }
            else if (TableLookUp.MovesRows(use.Node))
            {
                all &= Collect(use.Node.Output, moves.Append(use.Node).ToArray(), products, rewriter);
            }
            else if (IsProduct(use.Node))
            {
                products.Add(new Product(use.Node, moves));
            }
            else
            {
                all = false;
            }
        }

        return all;
    }

    private static bool IsProduct(Node node)
    {
        if (node.Epilogue is not null || node.Input(1) is not { Type: ElementType.Float32, IsConstant: true, Shape.ElementCount: > 0 } weights)
        {
            return false;
        }

        return node.Operator switch
        {
            MatMul => weights.Shape.Rank == 2,
            Gemm => !node.Attributes.Flag("transA", false) && (node.Input(2) is not { } c || IsRow(c)),
            RecurrentOperator => true,
            _ => false,
        };
    }

    /// <summary>True for a constant that is the same for all rows.</summary>
    private static bool IsRow(Value value) => value.IsConstant && (value.Shape.Rank < 2 || value.Shape[0] == 1);

    /// <summary>True if the weights grow by no more than they may: the products' tables are new, and what nobody reads any more is not kept.</summary>
    private static bool Fits(Value table, bool vanishes, List<Product> products, Graph graph)
    {
        long Columns(Product product) => product.Node.Operator is MatMul or Gemm
            ? product.Node.Output.Shape[product.Node.Output.Shape.Rank - 1]
            : product.Node.Required(1).Shape.Product(0, 2);
        long before = vanishes ? table.Shape.ElementCount : 0;
        foreach (Value weights in products.Select(static p => p.Node.Required(1)).Distinct())
        {
            before += weights.Uses.All(u => products.Exists(p => ReferenceEquals(p.Node, u.Node))) ? weights.Shape.ElementCount : 0;
        }

        long growth = products.Sum(p => table.Shape[0] * Columns(p)) - before;
        return growth <= 0 || growth * sizeof(float) <= WeightBytes(graph) / GrowthDivisor;
    }

    private static long WeightBytes(Graph graph) => graph.Nodes.SelectMany(static n => n.Inputs)
        .OfType<Value>()
        .Where(static v => v.IsConstant)
        .Distinct()
        .Sum(static v => v.Constant!.ByteCount);

    private static bool Rewrite(Node lookUp, List<Product> products, GraphRewriter rewriter)
    {
        Value[] tables = products.Select(p => GraphRewriter.Fold(Multiply(lookUp.Required(0), p.Node, rewriter))).ToArray();
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
            Node product = products[i].Node;
            Value rows = TableLookUp.Repeat(lookUp, tables[i], products[i].Moves, rewriter);
            if (product.Operator is RecurrentOperator)
            {
                ReadProjected(product, rows);
            }
            else
            {
                rewriter.ReplaceNode(product, rows);
            }
        }

        return true;
    }

    /// <summary>The product of a table and a node's weights, with the bias of each column.</summary>
    private static Value Multiply(Value table, Node product, GraphRewriter rewriter)
    {
        if (product.Operator is not RecurrentOperator)
        {
            return rewriter.InsertLike(product, product.Inputs.Skip(1).Prepend(table));
        }

        Value weights = product.Required(1);
        var inputs = new List<Value> { table, rewriter.Reshape(weights, new Shape((int)weights.Shape.Product(0, 2), weights.Shape[2]), weights.Name) };
        if (TakesBias(product))
        {
            inputs.Add(rewriter.Constant(FoldedWeights.SumOfHalves(product.Required(3).Constant!), product.Required(3).Name));
        }

        return rewriter.Insert("Gemm", product.Name, inputs, ("transB", 1L));
    }

    /// <summary>True if both biases of a recurrent node are added to its projected inputs alone: not where a gate multiplies the state's product and its bias.</summary>
    private static bool TakesBias(Node node) => node.Input(3) is { IsConstant: true } && !node.Attributes.Flag("linear_before_reset", false);

    private static void ReadProjected(Node node, Value projected)
    {
        Value?[] inputs = node.Inputs.ToArray();
        (inputs[0], inputs[1]) = (projected, null);
        if (TakesBias(node))
        {
            inputs[3] = null;
        }

        node.Attributes.Set(RecurrentForm.Projected, 1L);
        node.SetInputs(inputs);
    }

    /// <summary>A product of looked-up rows.</summary>
    /// <param name="Node">MatMul, Gemm or a recurrent node, that reads the rows as input 0.</param>
    /// <param name="Moves">What moves the rows before.</param>
    private sealed record Product(Node Node, IReadOnlyList<Node> Moves);
}
