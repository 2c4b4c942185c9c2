using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>What follows a product of codes where the result is real numbers.</summary>
internal static class ScaledProduct
{
    /// <summary>product · (a scale · b scale) + bias; one number each, or one for each column.</summary>
    public static Value Scale(Value product, Value leftScale, Value rightScale, Value? bias, Expansion expansion)
    {
        Value scale = GraphRewriter.Fold(expansion.Add("Mul", Flat(leftScale, expansion), Flat(rightScale, expansion)));
        Value real = expansion.Rewriter.Insert(OperatorRegistry.Get(nameof(Rescale), Operator.InternalDomain), "scale", new[] { product, scale });
        return bias is null ? real : expansion.Add("Add", real, bias);
    }

    private static Value Flat(Value scale, Expansion expansion) => scale.Shape.ElementCount == 1 ? expansion.Reshape(scale) : scale;
}
