using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// A mixture of experts: a router chooses k of E small networks for each row of the input, and the result is their weighted sum. Each expert
/// computes the rows that chose it, whose number only the run knows, and no others.
/// </summary>
internal abstract class ExpertMixture : MicrosoftOperator
{
    private static readonly string[] _activations = { "relu", "gelu", "silu", "swiglu", "identity" };

    protected ExpertMixture(string name, int least, int most)
        : base(name, least, most)
    {
    }

    /// <summary>The first input of each layer's weights: from the input to the inner size, back, and the other factor of a gate.</summary>
    protected abstract IReadOnlyList<int> Weights { get; }

    /// <summary>Weights that are too small for an expert to be worth running.</summary>
    protected abstract float Threshold { get; }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32, ElementType.Float16, ElementType.BFloat16);
        context.RequireSameType(0, 1);
        Shape x = context.Shape(0);
        context.RequireRank(1, 2);
        foreach (int weights in Weights.Where(context.Has))
        {
            context.RequireRank(weights, 3);
        }

        if (x.Rank is not (2 or 3))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the input must have 2 or 3 dimensions");
        }

        if (!_activations.Contains(context.Attributes.String("activation_type", "relu")) || context.Attributes.Int("swiglu_fusion", 0) is < 0 or > 2)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"activation_type must be one of {string.Join(", ", _activations)}, and swiglu_fusion 0, 1 or 2");
        }

        if (context.Attributes.Flag("use_sparse_mixer", false))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, "use_sparse_mixer is not supported", "Export the model with routing by the largest probabilities.");
        }

        if (context.Attributes.Int("k", 1) < 1 || context.Attributes.Int("k", 1) > context.Shape(1)[1])
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"k must be between 1 and the {context.Shape(1)[1]} experts");
        }

        CheckLayers(context);
        context.SetOutput(0, context.Type(0), x);
    }

    protected sealed override bool HandlesRunTimeSize(Node node, int input, int axis) => axis < node.Required(input).Shape.Rank - 1 && !Weights.Contains(input);

    protected sealed override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        Value rows = compose.Split(compose.Cast(x, ElementType.Float32), -1, x.Shape[x.Shape.Rank - 1]);
        Value shares = Shares(node, compose);
        Value sum = compose.Expand(compose.Scalar(0), rows.Shape);
        for (int expert = 0; expert < node.Required(1).Shape[1]; expert++)
        {
            Value share = compose.Squeeze(compose.Slice(shares, 1, expert, expert + 1), 1);
            Value chosen = compose.Op("Transpose", compose.Op("NonZero", compose.Op("Greater", share, compose.Scalar(Threshold))));
            Value index = compose.Squeeze(chosen, 1);
            Value result = Network(compose, expert, compose.Gather(rows, index, 0));
            Value weighted = compose.Mul(result, compose.Unsqueeze(compose.Gather(share, index, 0), 1));
            sum = compose.Op("ScatterND", new[] { sum, chosen, weighted }, ("reduction", "add"));
        }

        compose.Return(compose.Reshape(compose.Cast(sum, x.Type), x.Shape));
    }

    /// <summary>Number of the experts of highest logits, and what their logits become, both [rows, k].</summary>
    protected abstract (Value Experts, Value Weights) Route(Node node, Value logits, Composer compose);

    /// <summary>Fails unless the weights, scales and biases of the layers fit each other; <see cref="LayerSize"/>.</summary>
    protected abstract void CheckLayers(InferContext context);

    /// <summary>Rows through one layer of one expert, with its bias; null if the node does not have the layer.</summary>
    protected abstract Value? Layer(Composer compose, int layer, int expert, Value rows);

    /// <summary>The k highest of each row and their positions. Of equal ones the last, as ONNX Runtime chooses.</summary>
    protected static (Value Values, Value Positions) Highest(Value values, Composer compose)
    {
        long count = values.Shape[1];
        Value turned = compose.Slice(values, 1, count - 1, -count - 1, -1);
        IReadOnlyList<Value> top = compose.Ops(OperatorRegistry.Get("TopK"), 2, new[] { turned, compose.Ints(compose.Node.Attributes.Int("k", 1)) }, ("axis", 1L));
        return (top[0], compose.Sub(compose.Scalar(count - 1, ElementType.Int64), top[1]));
    }

    /// <summary>Numbers divided by the sum of their row; 0 where that is 0.</summary>
    protected static Value Normalized(Value values, Composer compose)
    {
        Value sum = compose.Reduce("ReduceSum", values, keep: true, 1);
        return compose.Where(compose.Op("Equal", sum, compose.Scalar(0)), compose.Scalar(0), compose.Div(values, sum));
    }

    /// <summary>Rows of a layer's weights: the inner size is that of the second layer.</summary>
    protected static (long Rows, long Columns) LayerSize(InferContext context, int layer, long inner)
    {
        Shape x = context.Shape(0);
        long outer = x[x.Rank - 1];
        bool fused = context.Attributes.String("activation_type", "relu") == "swiglu" && context.Attributes.Int("swiglu_fusion", 0) > 0;
        return layer == 1 ? (outer, inner) : (layer == 0 && fused ? 2 * inner : inner, outer);
    }

    /// <summary>Fails unless an input that is there has a shape.</summary>
    protected static void RequireShape(InferContext context, int input, string role, params long[] dimensions)
    {
        if (context.Has(input) && !context.Shape(input).Dimensions.Select(static d => (long)d).SequenceEqual(dimensions))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {input} ('{role}') must have the shape [{string.Join(", ", dimensions)}]");
        }
    }

    /// <summary>What of an input belongs to an expert.</summary>
    protected static Value Part(Composer compose, Value value, int expert) => compose.Squeeze(compose.Slice(value, 0, expert, expert + 1), 0);

    /// <summary>The weight of every expert for every row, [rows, E], 0 for those that are not chosen.</summary>
    private Value Shares(Node node, Composer compose)
    {
        Value logits = compose.Cast(node.Required(1), ElementType.Float32);
        (Value experts, Value weights) = Route(node, logits, compose);
        return compose.Op("ScatterElements", new[] { compose.Expand(compose.Scalar(0), logits.Shape), experts, weights }, ("axis", 1L));
    }

    private Value Network(Composer compose, int expert, Value rows)
    {
        Value inner = Layer(compose, 0, expert, rows)!;
        Value? gate = Layer(compose, 2, expert, rows);
        string activation = compose.Node.Attributes.String("activation_type", "relu");
        Value active = activation switch
        {
            "swiglu" => Gated(compose, inner, gate),
            "relu" => compose.Op("Relu", inner),
            "gelu" => compose.Op("Gelu", new[] { inner }, ("approximate", "tanh")),
            "silu" => compose.Op("Swish", inner),
            _ => inner,
        };
        return Layer(compose, 1, expert, activation == "swiglu" || gate is null ? active : compose.Mul(active, gate))!;
    }

    /// <summary>g · sigmoid(alpha · g) · (l + beta), where g is at most the limit and l within it.</summary>
    private static Value Gated(Composer compose, Value inner, Value? other)
    {
        AttributeMap attributes = compose.Node.Attributes;
        long size = inner.Shape[1];
        (Value g, Value l) = attributes.Int("swiglu_fusion", 0) switch
        {
            0 => (inner, other ?? throw compose.Fail(DiagnosticCodes.GraphMalformed, "swiglu with swiglu_fusion 0 needs the weights of fc3")),
            1 => (compose.Slice(inner, 1, 0, size, 2), compose.Slice(inner, 1, 1, size, 2)),
            _ => (compose.Slice(inner, 1, 0, size / 2), compose.Slice(inner, 1, size / 2, size)),
        };
        if (attributes.Has("swiglu_limit"))
        {
            float limit = attributes.Float("swiglu_limit", 0);
            g = compose.Op("Min", g, compose.Scalar(limit));
            l = compose.Op("Clip", l, compose.Scalar(-limit), compose.Scalar(limit));
        }

        Value swish = compose.Op("Swish", new[] { g }, ("alpha", attributes.Float("activation_alpha", 1)));
        float beta = attributes.Float("activation_beta", 0);
        return compose.Mul(swish, beta == 0 ? l : compose.Add(l, compose.Scalar(beta)));
    }
}
