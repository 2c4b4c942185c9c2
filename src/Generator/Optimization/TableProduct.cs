using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Recurrent;

namespace AotCompiler.Optimization;

/// <summary>A product of looked-up rows, or of rows that they are a part of, with constant weights.</summary>
/// <param name="Node">MatMul, Gemm or a recurrent node, that reads the rows as input 0.</param>
/// <param name="Moves">What moves the rows before.</param>
/// <param name="Rows">The rows behind that.</param>
/// <param name="Join">The Concat that sets other columns beside theirs; null if they are all columns.</param>
internal sealed record TableProduct(Node Node, IReadOnlyList<Node> Moves, Value Rows, Node? Join)
{
    /// <summary>Columns of the product.</summary>
    public int Columns => Node.Operator is MatMul or Gemm ? Node.Output.Shape[Node.Output.Shape.Rank - 1] : (int)Weights.Shape.Product(0, 2);

    /// <summary>The weights.</summary>
    public Value Weights => Node.Required(1);

    /// <summary>Weights that only the rows' columns are multiplied with.</summary>
    public long WeightsOfRows => (long)Terms * Columns;

    private int Terms => Rows.Shape[Rows.Shape.Rank - 1];

    /// <summary>Number of the rows' first column.</summary>
    private int Start => Join is null ? 0 : Join.Inputs.TakeWhile(v => !ReferenceEquals(v, Rows)).Sum(static v => v!.Shape[v.Shape.Rank - 1]);

    /// <summary>True if the weights are [columns, terms].</summary>
    private bool IsTransposed => Node.Operator is RecurrentOperator || Node.Attributes.Flag("transB", false);

    /// <summary>True for a product with constant weights whose rows have nothing but those in common.</summary>
    public static bool Is(Node node)
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

    /// <summary>The product of a table, with the bias of each column.</summary>
    public Value Multiply(Value table, GraphRewriter rewriter)
    {
        var inputs = new List<Value?> { table, WeightsFrom(Start, Terms, rewriter) };
        if (Node.Operator is not RecurrentOperator)
        {
            return rewriter.InsertLike(Node, inputs.Concat(Node.Inputs.Skip(2)));
        }

        if (TakesBias)
        {
            inputs.Add(rewriter.Constant(FoldedWeights.SumOfHalves(Node.Required(3).Constant!), Node.Required(3).Name));
        }

        return rewriter.Insert("Gemm", Node.Name, inputs, ("transB", 1L));
    }

    /// <summary>Puts rows of the table's product in the node's place.</summary>
    public void Replace(Value rows, GraphRewriter rewriter)
    {
        Value result = Join is null ? rows : rewriter.Insert("Add", Node.Name, new[] { ProductOfOthers(rewriter), rows });
        if (Node.Operator is RecurrentOperator)
        {
            ReadProjected(result);
        }
        else
        {
            rewriter.ReplaceNode(Node, result);
        }
    }

    /// <summary>True for a constant that is the same for all rows.</summary>
    private static bool IsRow(Value value) => value.IsConstant && (value.Shape.Rank < 2 || value.Shape[0] == 1);

    /// <summary>True if both biases of a recurrent node are added to its projected inputs alone: not where a gate multiplies the state's product and its bias.</summary>
    private bool TakesBias => Node.Input(3) is { IsConstant: true } && !Node.Attributes.Flag("linear_before_reset", false);

    /// <summary>The product of the columns beside the rows.</summary>
    private Value ProductOfOthers(GraphRewriter rewriter)
    {
        Value[] others = Join!.Inputs.Where(v => !ReferenceEquals(v, Rows)).Select(static v => v!).ToArray();
        Value left = others.Length == 1 ? others[0] : rewriter.InsertLike(Join, others);
        int behind = Start + Terms;
        Value[] parts = new[] { (First: 0, Count: Start), (First: behind, Count: Join.Output.Shape[Join.Output.Shape.Rank - 1] - behind) }
            .Where(static p => p.Count > 0)
            .Select(p => WeightsFrom(p.First, p.Count, rewriter))
            .ToArray();
        Value weights = parts.Length == 1 ? parts[0]
            : GraphRewriter.Fold(rewriter.Insert("Concat", Weights.Name, parts, ("axis", IsTransposed ? 1L : 0L)));
        return Node.Operator is RecurrentOperator
            ? rewriter.Insert("MatMul", Node.Name, new[] { left, GraphRewriter.Fold(rewriter.Insert("Transpose", Weights.Name, new[] { weights }, ("perm", new long[] { 1, 0 }))) })
            : rewriter.InsertLike(Node, new[] { left, weights });
    }

    /// <summary>The weights of some terms, as a matrix.</summary>
    private Value WeightsFrom(int first, int count, GraphRewriter rewriter)
    {
        Value matrix = Node.Operator is RecurrentOperator ? rewriter.Reshape(Weights, new Shape(Columns, Weights.Shape[2]), Weights.Name) : Weights;
        int axis = IsTransposed ? 1 : 0;
        return count == matrix.Shape[axis] ? matrix : GraphRewriter.Fold(rewriter.Slice(matrix, axis, first, count, Weights.Name));
    }

    private void ReadProjected(Value projected)
    {
        Value?[] inputs = Node.Inputs.ToArray();
        (inputs[0], inputs[1]) = (projected, null);
        if (TakesBias)
        {
            inputs[3] = null;
        }

        Node.Attributes.Set(RecurrentForm.Projected, 1L);
        Node.SetInputs(inputs);
    }
}
