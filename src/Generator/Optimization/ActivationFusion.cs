using System;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Recognises activations that exporters write as formulas: Gelu (erf and tanh), Swish, HardSwish, HardSigmoid, Mish,
/// Sigmoid, Softplus, LeakyRelu, Relu, Clip.
/// </summary>
/// <remarks>Sigmoid and Softplus as operators stay finite where the exponential of their formulas overflows.</remarks>
internal sealed class ActivationFusion : NodePass
{
    /// <summary>Whole formulas are found before their parts.</summary>
    protected override bool ConsumersFirst => true;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Epilogue is not null || node.Operator.Domain.Length != 0 || !node.Output.Type.IsFloat())
        {
            return false;
        }

        Value? replacement = node.Operator.Name switch
        {
            "Mul" or "Div" => Gated(node, rewriter) ?? Quotient(node, rewriter),
            "Add" => Gated(node, rewriter),
            "Reciprocal" => Logistic(node, node.Required(0), rewriter),
            "Log" => Softplus(node, rewriter),
            "Max" when node.OperatorInputCount == 2 => Maximum(node, rewriter),
            "Clip" => ClipOfRelu(node, rewriter),
            _ => null,
        };
        if (replacement is null)
        {
            return false;
        }

        rewriter.ReplaceNode(node, replacement);
        return true;
    }

    /// <summary>Polynomials in x and one other function of x.</summary>
    private static Value? Gated(Node node, GraphRewriter rewriter)
    {
        if (Polynomial.Of(node.Output) is not { } root)
        {
            return null;
        }

        for (int i = 0; i < root.Leaves.Count; i++)
        {
            Polynomial form = i == 0 ? root : root.Swapped();
            if (form.Leaves[0] is { Producer: { Epilogue: null, OperatorInputCount: > 0 } gate } inner && rewriter.HasSingleUse(inner) && gate.Operator.Domain.Length == 0
                && Gated(node, form, gate, rewriter) is { } result)
            {
                return result;
            }
        }

        return null;
    }

    /// <summary>Leaf 0 of the form is the output of the gate; leaf 1, if there is one, is x.</summary>
    private static Value? Gated(Node node, Polynomial form, Node gate, GraphRewriter rewriter)
    {
        if (gate.Input(0) is not { } argument)
        {
            return null;
        }

        Value? x = form.Leaves.Count == 2 ? form.Leaves[1] : Polynomial.Of(argument) is { } free && free.Leaves.Count == 1 ? free.Leaves[0] : null;
        if (x is null || !x.Shape.Equals(node.Output.Shape) || x.Type != node.Output.Type || Polynomial.In(argument, x) is not { } u)
        {
            return x is not null && IsMish(form, gate, x) ? rewriter.Insert("Mish", node.Name, new[] { x }) : null;
        }

        bool product = form.Is((1, 1, 1));
        double factor = form.Coefficient(1, 1);
        bool rising = factor != 0 && form.Is((0, 1, factor), (1, 1, factor)) && x.Type == ElementType.Float32;
        return gate.Operator.Name switch
        {
            "Erf" when rising && u.Is((1, 0, Math.Sqrt(0.5))) => Gelu(node, x, "none", factor, rewriter),
            "Tanh" when rising && u.Is((1, 0, Math.Sqrt(2 / Math.PI)), (3, 0, Math.Sqrt(2 / Math.PI) * 0.044715)) => Gelu(node, x, "tanh", factor, rewriter),
            "Sigmoid" when product && u.Coefficient(1) > 0 && u.Is((1, 0, u.Coefficient(1))) =>
                rewriter.Insert("Swish", node.Name, new[] { x }, ("alpha", (float)u.Coefficient(1))),
            "HardSigmoid" when product && u.Is((1, 0, 1)) && IsSixth(gate) => rewriter.Insert("HardSwish", node.Name, new[] { x }),
            "Clip" when IsHardGate(gate, u, form, 1) => rewriter.Insert("HardSwish", node.Name, new[] { x }),
            "Clip" when IsHardGate(gate, u, form, 0) => rewriter.Insert("HardSigmoid", node.Name, new[] { x }, ("alpha", 1f / 6), ("beta", 0.5f)),
            _ => null,
        };
    }

    /// <summary>factor · x · (1 + gate): the half of Gelu, or what is left of it when the rest is in the weights of the next layer.</summary>
    private static Value Gelu(Node node, Value x, string approximation, double factor, GraphRewriter rewriter)
    {
        Value gelu = rewriter.Insert("Gelu", node.Name, new[] { x }, ("approximate", approximation));
        return Polynomial.IsClose(factor, 0.5)
            ? gelu
            : rewriter.Insert("Mul", node.Name, new[] { gelu, rewriter.Constant(ElementEvaluation.Scalar(x.Type, 2 * factor), $"{node.Name}.factor") });
    }

    /// <summary>x · tanh(softplus(x)).</summary>
    private static bool IsMish(Polynomial form, Node gate, Value x) => form.Is((1, 1, 1))
        && gate.Is("Tanh")
        && gate.Required(0).MakerOf("Softplus") is { } softplus
        && ReferenceEquals(softplus.Required(0), x)
        && x.Shape.Equals(gate.Output.Shape);

    private static bool IsSixth(Node hardSigmoid) =>
        Polynomial.IsClose(hardSigmoid.Attributes.Float("alpha", 0.2f), 1.0 / 6) && hardSigmoid.Attributes.Float("beta", 0.5f) == 0.5f;

    /// <summary>x^power · clip(x + 3, 0, 6) / 6, or the same with clip(x / 6 + 1 / 2, 0, 1).</summary>
    private static bool IsHardGate(Node clip, Polynomial u, Polynomial form, int power)
    {
        if (!clip.Input(1).TryScalar(out double low) || !clip.Input(2).TryScalar(out double high) || low != 0)
        {
            return false;
        }

        return (high == 6 && form.Is((1, power, 1.0 / 6)) && u.Is((0, 0, 3), (1, 0, 1)))
            || (high == 1 && form.Is((1, power, 1)) && u.Is((0, 0, 0.5), (1, 0, 1.0 / 6)));
    }

    /// <summary>a / (1 + exp(-x)) = a · sigmoid(x).</summary>
    private static Value? Quotient(Node node, GraphRewriter rewriter)
    {
        if (!node.Is("Div") || Logistic(node, node.Required(1), rewriter) is not { } sigmoid)
        {
            return null;
        }

        return node.Input(0).TryScalar(out double one) && one == 1 && sigmoid.Shape.Equals(node.Output.Shape)
            ? sigmoid
            : rewriter.Insert("Mul", node.Name, new[] { node.Required(0), sigmoid });
    }

    /// <summary>sigmoid(x) if the denominator is 1 + exp(-x).</summary>
    private static Value? Logistic(Node node, Value denominator, GraphRewriter rewriter)
    {
        if (!rewriter.HasSingleUse(denominator) || ExponentialPlusOne(denominator, rewriter) is not { } exponent)
        {
            return null;
        }

        Value? x = exponent.MakerOf("Neg")?.Required(0) ?? (Polynomial.Of(exponent) is { } u && u.Is((1, 0, -1)) ? u.Leaves[0] : null);
        return x is null ? null : rewriter.Insert("Sigmoid", node.Name, new[] { x });
    }

    /// <summary>log(1 + exp(x)).</summary>
    private static Value? Softplus(Node node, GraphRewriter rewriter) =>
        rewriter.HasSingleUse(node.Required(0)) && ExponentialPlusOne(node.Required(0), rewriter) is { } x ? rewriter.Insert("Softplus", node.Name, new[] { x }) : null;

    /// <summary>The v of 1 + exp(v).</summary>
    private static Value? ExponentialPlusOne(Value value, GraphRewriter rewriter) =>
        Polynomial.Of(value) is { Leaves.Count: 1 } sum && sum.Is((0, 0, 1), (1, 0, 1)) && rewriter.HasSingleUse(sum.Leaves[0])
            ? sum.Leaves[0].MakerOf("Exp")?.Required(0)
            : null;

    /// <summary>max(x, 0) and max(x, alpha · x) with alpha in [0, 1].</summary>
    private static Value? Maximum(Node node, GraphRewriter rewriter)
    {
        for (int i = 0; i < 2; i++)
        {
            Value x = node.Required(i);
            Value other = node.Required(1 - i);
            if (!x.Shape.Equals(node.Output.Shape))
            {
                continue;
            }

            if (other.TryScalar(out double zero) && zero == 0)
            {
                return rewriter.Insert("Relu", node.Name, new[] { x });
            }

            if (rewriter.HasSingleUse(other) && other.MakerOf("Mul") is not null && Polynomial.In(other, x) is { } scaled
                && scaled.Coefficient(1) is >= 0 and <= 1 and var alpha && scaled.Is((1, 0, alpha)))
            {
                return rewriter.Insert("LeakyRelu", node.Name, new[] { x }, ("alpha", (float)alpha));
            }
        }

        return null;
    }

    /// <summary>clip(max(x, 0), low, high) = clip(x, max(low, 0), high).</summary>
    private static Value? ClipOfRelu(Node node, GraphRewriter rewriter)
    {
        double low = 0;
        if (node.Input(0).MakerOf("Relu") is not { } relu || !rewriter.HasSingleUse(relu.Output) || (node.Input(1) is { } bound && !bound.TryScalar(out low)))
        {
            return null;
        }

        Value zero = low >= 0 && node.Input(1) is { } given
            ? given
            : rewriter.Constant(ElementEvaluation.Scalar(node.Output.Type, 0), $"{node.Name}.min");
        return rewriter.Insert("Clip", node.Name, new[] { relu.Input(0), zero, node.Input(2) });
    }
}
