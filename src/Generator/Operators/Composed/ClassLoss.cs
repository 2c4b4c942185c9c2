using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>The negative log likelihood of class labels, which two loss operators share.</summary>
internal static class ClassLoss
{
    /// <summary>-weight[label] · logProbability[label], element by element or reduced by the attribute <c>reduction</c>.</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="logProbabilities">[N, C, d…].</param>
    /// <param name="labels">[N, d…], i32 or i64.</param>
    /// <param name="weights">[C], or null for ones.</param>
    public static Value Of(Composer compose, Value logProbabilities, Value labels, Value? weights)
    {
        Shape shape = logProbabilities.Shape;
        compose.Check(shape.Rank >= 2 && labels.Shape.Equals(new Shape(shape.Extents.Where((_, i) => i != 1))), "the labels must have the shape of the scores without the classes");
        compose.Check(weights is null || weights.Shape.Equals(new Shape(new[] { shape.Extent(1) })), "there must be one weight per class");
        compose.Require(labels, ElementType.Int64, ElementType.Int32);
        Value? ignored = null;
        if (compose.Node.Attributes.Has("ignore_index"))
        {
            ignored = compose.Op("Equal", labels, compose.Scalar(compose.Node.Attributes.Int("ignore_index", 0), labels.Type));
            labels = compose.Where(ignored, compose.Scalar(0, labels.Type), labels);
        }

        Value loss = compose.Op("Neg", compose.Squeeze(compose.GatherElements(logProbabilities, compose.Unsqueeze(labels, 1), 1), 1));
        Value? factor = weights is null ? null : compose.Gather(weights, labels, 0);
        if (ignored is not null)
        {
            factor = compose.Where(ignored, compose.Scalar(0, loss.Type), factor ?? compose.Scalar(1, loss.Type));
        }

        Value weighted = factor is null ? loss : compose.Mul(loss, factor);
        return compose.Node.Attributes.String("reduction", "mean") switch
        {
            "none" => weighted,
            "sum" => compose.Reduce("ReduceSum", weighted, keep: false),
            "mean" when factor is null => compose.Reduce("ReduceMean", weighted, keep: false),
            "mean" => compose.Div(compose.Reduce("ReduceSum", weighted, keep: false), compose.Reduce("ReduceSum", factor, keep: false)),
            { } other => throw compose.Fail(DiagnosticCodes.GraphMalformed, $"the reduction '{other}' is none of none, mean, sum"),
        };
    }
}
