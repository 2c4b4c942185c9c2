using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>What follows a product of codes where the result is real numbers.</summary>
internal static class ScaledProduct
{
    /// <summary>product · (a scale · b scale) + bias; one number each, or one for each column.</summary>
    public static Value Scale(Value product, Value leftScale, Value rightScale, Value? bias, Composer compose)
    {
        Value scale = GraphRewriter.Fold(compose.Op("Mul", Flat(leftScale, compose), Flat(rightScale, compose)));
        Value real = compose.Op(OperatorRegistry.Get(nameof(Rescale), Operator.InternalDomain), new[] { product, scale });
        return bias is null ? real : compose.Op("Add", real, bias);
    }

    private static Value Flat(Value scale, Composer compose) => scale.Shape.ElementCount == 1 ? compose.Reshape(scale) : scale;
}
