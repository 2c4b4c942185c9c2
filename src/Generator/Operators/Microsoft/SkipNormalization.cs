using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// The normalisation of a sum x + skip + bias, which is an output too: a skip connection and the normalisation behind it. Outputs are the
/// result, the mean, the factor 1/√(variance + ε), and the sum.
/// </summary>
internal static class SkipNormalization
{
    private const int Sum = 3;

    /// <summary>ε where the attribute <c>epsilon</c> is absent.</summary>
    private const float Epsilon = 1e-12f;

    /// <summary>Input 0 plus input 1, which broadcasts to it, plus the bias.</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="bias">Index of the bias among the inputs.</param>
    public static Value Sums(Composer compose, int bias)
    {
        Value x = compose.Node.Required(0);
        Value skip = compose.Node.Required(1);
        compose.Check(x.Shape.Rank is 2 or 3, "input 0 must have 2 or 3 dimensions");
        compose.Check(skip.Shape.BroadcastsTo(x.Shape), "the skip connection does not broadcast to input 0");
        Value sum = compose.Add(x, skip);
        sum = compose.Node.Input(bias) is { } given ? compose.Add(sum, given) : sum;
        compose.Return(Sum, sum);
        return sum;
    }

    /// <summary>Returns the LayerNormalization of a value over the last dimension as the outputs 0 to 2.</summary>
    public static void Layer(Composer compose, Value x, Value scale, Value? shift)
    {
        int outputs = compose.Wants(2) ? 3 : compose.Wants(1) ? 2 : 1;
        IReadOnlyList<Value> results = compose.Ops(
            OperatorRegistry.Get("LayerNormalization"), outputs, new[] { x, scale, shift }, ("axis", -1L), ("epsilon", compose.Node.Attributes.Float("epsilon", Epsilon)));
        for (int i = 0; i < outputs; i++)
        {
            compose.Return(i, results[i]);
        }
    }

    /// <summary>Returns x / √(mean of x² + ε) · scale over some dimensions as output 0, and the factor of x as another output.</summary>
    public static void RootMeanSquare(Composer compose, Value x, Value scale, long axis, float epsilon, int factor)
    {
        compose.Return(0, compose.Op("RMSNormalization", new[] { x, scale }, ("axis", axis), ("epsilon", epsilon)));
        if (compose.Wants(factor))
        {
            long from = axis < 0 ? axis + x.Shape.Rank : axis;
            var axes = new List<long>();
            for (long i = from; i < x.Shape.Rank; i++)
            {
                axes.Add(i);
            }

            Value mean = compose.Reduce("ReduceMean", compose.Mul(x, x), keep: true, axes.ToArray());
            compose.Return(factor, compose.Op("Reciprocal", compose.Op("Sqrt", compose.Add(mean, compose.Scalar(epsilon, x.Type)))));
        }
    }

    /// <summary>The same over the last dimension, with the attribute <c>epsilon</c>.</summary>
    public static void RootMeanSquare(Composer compose, Value x, Value scale) =>
        RootMeanSquare(compose, x, scale, -1, compose.Node.Attributes.Float("epsilon", Epsilon), factor: 2);
}
