using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Attention;

namespace AotCompiler.Optimization;

/// <summary>
/// Recognises attention: MatMul, a scale by Mul or Div, a mask by Add or Where, Softmax over the keys, MatMul. The matrix of all
/// scores is then never stored.
/// </summary>
internal sealed class AttentionFusion : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!node.Is("MatMul")
            || node.Output.Type != ElementType.Float32
            || node.Input(0).MakerOf("Softmax") is not { } softmax
            || !IsOverKeys(softmax)
            || !rewriter.HasSingleUse(softmax.Output)
            || Match(softmax.Required(0), rewriter) is not { } scores
            || !Fits(scores, node.Required(1)))
        {
            return false;
        }

        var attributes = new List<(string, object)> { ("scale", (float)scores.Scale) };
        if (scores.Mask?.Fill is { } fill)
        {
            attributes.Add(("fill", fill));
        }

        Node product = scores.Product;
        IEnumerable<Value?> inputs = new[] { product.Input(0), product.Input(1), node.Input(1) };
        inputs = scores.Mask is null ? inputs : inputs.Append(Operand(scores.Mask, node, rewriter));
        Operator attention = OperatorRegistry.Get("ScaledDotProductAttention", Operator.InternalDomain);
        rewriter.ReplaceNode(node, rewriter.Insert(attention, node.Name, inputs, attributes.ToArray()));
        return true;
    }

    private static bool IsOverKeys(Node softmax)
    {
        int rank = softmax.Required(0).Shape.Rank;
        return Shape.TryNormalizeAxis(softmax.Attributes.Int("axis", -1), rank, out int axis) && axis == rank - 1;
    }

    /// <summary>
    /// Constant keys or values are better packed when the model is compiled; what is empty, as a count of the run may be, has no softmax. Rows,
    /// keys and heads may be sizes of the run, not what a query and a value consist of.
    /// </summary>
    private static bool Fits(Scores scores, Value values)
    {
        Value query = scores.Product.Required(0);
        Value keys = scores.Product.Required(1);
        return new[] { query, keys, values }.All(static v => !v.IsConstant && v.Shape.Rank >= 2 && v.Shape.ElementCount > 0 && !DependsOnCounts(v.Shape))
            && !query.Shape.IsDynamicAt(query.Shape.Rank - 1)
            && !values.Shape.IsDynamicAt(values.Shape.Rank - 1)
            && (scores.Mask is null || scores.Mask.Value.Shape.BroadcastsTo(scores.Product.Output.Shape));
    }

    private static bool DependsOnCounts(Shape shape) => shape.Extents.Any(static e => e.Size?.Variables.Any(static v => v.IsComputed) ?? false);

    /// <summary>Walks from the softmax towards the product of queries and keys; null if something else is on the way.</summary>
    private static Scores? Match(Value value, GraphRewriter rewriter)
    {
        var found = new Scores(null!, 1, null);
        for (int step = 0; step < 4 && rewriter.HasSingleUse(value); step++)
        {
            if (value.MakerOf("MatMul") is { } product)
            {
                return found with { Product = product };
            }

            if (Scaled(value) is var (unscaled, factor))
            {
                found = found with { Scale = found.Scale * factor };
                value = unscaled;
            }
            else if (found is { Mask: null, Scale: 1 } && Masked(value) is var (scores, mask))
            {
                found = found with { Mask = mask };
                value = scores;
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    private static (Value Value, double Factor)? Scaled(Value value)
    {
        if (value.MakerOf("Div") is { } quotient && quotient.Input(1).TryScalar(out double divisor) && divisor != 0)
        {
            return (quotient.Required(0), 1 / divisor);
        }

        if (value.MakerOf("Mul") is not { } product)
        {
            return null;
        }

        int factor = product.Input(1).TryScalar(out double scale) ? 1 : product.Input(0).TryScalar(out scale) ? 0 : -1;
        return factor < 0 ? null : (product.Required(1 - factor), scale);
    }

    /// <summary>Scores, and what is added to them or decides which of them another number replaces.</summary>
    private static (Value Scores, Mask Mask)? Masked(Value value)
    {
        if (value.MakerOf("Add") is { } sum)
        {
            int scores = LeadsToProduct(sum.Required(0), value) ? 0 : LeadsToProduct(sum.Required(1), value) ? 1 : -1;
            return scores < 0 ? null : (sum.Required(scores), new Mask(sum.Required(1 - scores), null, false));
        }

        if (value.MakerOf("Where") is not { } choice)
        {
            return null;
        }

        int kept = LeadsToProduct(choice.Required(1), value) ? 1 : LeadsToProduct(choice.Required(2), value) ? 2 : 0;
        return kept > 0 && choice.Input(3 - kept).TryScalar(out double fill)
            ? (choice.Required(kept), new Mask(choice.Required(0), (float)fill, kept == 2))
            : null;
    }

    private static bool LeadsToProduct(Value value, Value whole) => value.Shape.Equals(whole.Shape)
        && (value.MakerOf("MatMul") is not null || (Scaled(value) is var (unscaled, _) && unscaled.MakerOf("MatMul") is not null));

    /// <summary>The mask as numbers: of a condition 1 where the score stays, else 0.</summary>
    private static Value Operand(Mask mask, Node node, GraphRewriter rewriter)
    {
        if (mask.Fill is null)
        {
            return mask.Value;
        }

        Value kept = mask.ReplacesWhereTrue ? GraphRewriter.Fold(rewriter.Insert("Not", $"{node.Name}.kept", new[] { mask.Value })) : mask.Value;
        return GraphRewriter.Fold(rewriter.Insert("Cast", $"{node.Name}.mask", new[] { kept }, ("to", (long)(int)ElementType.Float32)));
    }

    /// <summary>What was found between the softmax and the product.</summary>
    private sealed record Scores(Node Product, double Scale, Mask? Mask);

    /// <summary>A mask.</summary>
    /// <param name="Value">Numbers that are added, or a condition.</param>
    /// <param name="Fill">What replaces a score, if it is a condition.</param>
    /// <param name="ReplacesWhereTrue">True if the condition says which scores go, not which stay.</param>
    private sealed record Mask(Value Value, float? Fill, bool ReplacesWhereTrue);
}
