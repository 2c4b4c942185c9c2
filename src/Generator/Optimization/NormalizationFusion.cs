using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Movement;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Optimization;

/// <summary>
/// Recognises LayerNormalization, RMSNormalization and Softmax in the reductions and element-wise nodes that older exporters
/// write, and takes scales and biases behind them into the node.
/// </summary>
/// <remarks>Softmax as an operator stays finite where the exponential of the formula without a maximum overflows.</remarks>
internal sealed class NormalizationFusion : NodePass
{
    private const string Layer = "LayerNormalization";
    private const string RootMeanSquare = "RMSNormalization";

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Epilogue is not null || node.Operator.Domain.Length != 0 || node.Output.Type != ElementType.Float32)
        {
            return false;
        }

        Value? replacement = node.Operator.Name switch
        {
            "Div" => Softmax(node, rewriter) ?? Normalized(node, rewriter),
            "Mul" => Normalized(node, rewriter) ?? Scaled(node, rewriter),
            "Add" => Shifted(node, rewriter),
            RootMeanSquare => Recentred(node, rewriter),
            _ => null,
        };
        if (replacement is null)
        {
            return false;
        }

        rewriter.ReplaceNode(node, replacement);
        return true;
    }

    /// <summary>d / √(mean(d²) + ε): with d = x − mean(x) a LayerNormalization of x, else an RMSNormalization of d.</summary>
    private static Value? Normalized(Node node, GraphRewriter rewriter)
    {
        if (SplitRoot(node) is not var (numerator, radicand) || radicand.MakerOf("Add") is not { } sum)
        {
            return null;
        }

        int side = sum.Input(1).TryScalar(out double epsilon) ? 0 : sum.Input(0).TryScalar(out epsilon) ? 1 : -1;
        if (side < 0 || !(epsilon >= 0) || sum.Input(side).MakerOf("ReduceMean") is not { } mean || !IsSquareOf(mean.Input(0), numerator) || FirstTrailingAxis(mean) is not { } axis)
        {
            return null;
        }

        Value? centred = Centred(numerator, axis);
        string op = centred is null ? RootMeanSquare : Layer;
        Value x = centred ?? numerator;
        if (OperatorRegistry.Find(string.Empty, op) is null || !x.Shape.Equals(node.Output.Shape))
        {
            return null;
        }

        var shape = new Shape(x.Shape.Extents.Skip(axis));
        if (shape.IsDynamic || shape.ElementCount > int.MaxValue)
        {
            return null;
        }

        Value ones = rewriter.Constant(Tensor.LazyFloats(shape, "ones", () => Enumerable.Repeat(1f, (int)shape.ElementCount).ToArray()), $"{node.Name}.scale");
        return rewriter.Insert(op, node.Name, new[] { x, ones }, ("axis", (long)axis), ("epsilon", (float)epsilon));
    }

    /// <summary>An RMSNormalization of x − mean(x) is a LayerNormalization of x, also where the difference is transposed between.</summary>
    private static Value? Recentred(Node node, GraphRewriter rewriter)
    {
        Value x = node.Required(0);
        if (!Shape.TryNormalizeAxis(node.Attributes.Int("axis", -1), x.Shape.Rank, out int axis))
        {
            return null;
        }

        int[] order = Enumerable.Range(0, x.Shape.Rank).ToArray();
        Node? transpose = x.MakerOf("Transpose");
        int[] perm = transpose is null ? order : Transpose.Permutation(transpose);
        Value difference = transpose?.Required(0) ?? x;
        if (difference.MakerOf("Sub") is not { } sub
            || sub.Input(1).MakerOf("ReduceMean") is not { } mean
            || !ReferenceEquals(mean.Input(0), sub.Input(0))
            || !sub.Required(0).Shape.Equals(difference.Shape)
            || ReducedDimensions.Of(mean) is not { Keep: true } reduced
            || !reduced.Axes.SequenceEqual(perm.Skip(axis).OrderBy(static a => a)))
        {
            return null;
        }

        Value whole = transpose is null ? sub.Required(0) : rewriter.InsertLike(transpose, new[] { sub.Input(0) });
        return rewriter.Insert(Layer, node.Name, new[] { whole, node.Input(1) }, Attributes(node));
    }

    /// <summary>Numerator and radicand of a / √b, however it is written.</summary>
    private static (Value Numerator, Value Radicand)? SplitRoot(Node node)
    {
        if (node.Is("Div"))
        {
            return Radicand(node.Input(1), 0.5) is { } b ? (node.Required(0), b) : null;
        }

        for (int i = 0; i < 2; i++)
        {
            Value? inverse = node.Input(i);
            Value? radicand = Radicand(inverse, -0.5) ?? Radicand(inverse.MakerOf("Reciprocal")?.Input(0), 0.5);
            if (radicand is null && inverse.MakerOf("Div") is { } quotient && quotient.Input(0).TryScalar(out double one) && one == 1)
            {
                radicand = Radicand(quotient.Input(1), 0.5);
            }

            if (radicand is not null)
            {
                return (node.Required(1 - i), radicand);
            }
        }

        return null;
    }

    private static Value? Radicand(Value? value, double exponent) =>
        exponent == 0.5 && value.MakerOf("Sqrt") is { } root ? root.Input(0)
        : value.MakerOf("Pow") is { } power && power.Input(1).TryScalar(out double e) && e == exponent ? power.Input(0)
        : null;

    private static bool IsSquareOf(Value? square, Value value) =>
        (square.MakerOf("Pow") is { } power && ReferenceEquals(power.Input(0), value) && power.Input(1).TryScalar(out double two) && two == 2)
        || (square.MakerOf("Mul") is { } product && ReferenceEquals(product.Input(0), value) && ReferenceEquals(product.Input(1), value));

    /// <summary>The x of x − mean(x) over the axes from <paramref name="axis"/> on.</summary>
    private static Value? Centred(Value value, int axis) =>
        value.MakerOf("Sub") is { } difference
        && difference.Input(1).MakerOf("ReduceMean") is { } mean
        && ReferenceEquals(mean.Input(0), difference.Input(0))
        && FirstTrailingAxis(mean) == axis
            ? difference.Input(0)
            : null;

    /// <summary>The first axis of a reduction that keeps its axes and runs over all axes from there on.</summary>
    private static int? FirstTrailingAxis(Node reduction)
    {
        ReducedDimensions reduced = ReducedDimensions.Of(reduction);
        int rank = reduction.Required(0).Shape.Rank;
        int count = reduced.Axes.Length;
        bool trailing = count > 0 && reduced.Axes[0] == rank - count;
        return trailing && reduced.Keep ? rank - count : null;
    }

    /// <summary>A product with a constant becomes the scale, if that is 1 so far.</summary>
    private static Value? Scaled(Node node, GraphRewriter rewriter)
    {
        for (int i = 0; i < 2; i++)
        {
            if (Normalization(node.Input(i), node, rewriter) is { } norm
                && norm.Input(2) is null
                && ElementEvaluation.Uniform(norm.Required(1).Constant) == 1
                && Parameter(node.Required(1 - i), norm, rewriter) is { } scale)
            {
                return rewriter.Insert(norm.Operator.Name, norm.Name, new[] { norm.Input(0), scale }, Attributes(norm));
            }
        }

        return null;
    }

    /// <summary>A sum with a constant becomes the bias of a LayerNormalization that has none.</summary>
    private static Value? Shifted(Node node, GraphRewriter rewriter)
    {
        for (int i = 0; i < 2; i++)
        {
            if (Normalization(node.Input(i), node, rewriter) is { } norm
                && norm.Is(Layer)
                && norm.Input(2) is null
                && Parameter(node.Required(1 - i), norm, rewriter) is { } bias)
            {
                return rewriter.Insert(Layer, norm.Name, new[] { norm.Input(0), norm.Input(1), bias }, Attributes(norm));
            }
        }

        return null;
    }

    private static Node? Normalization(Value? value, Node reader, GraphRewriter rewriter) =>
        (value.MakerOf(Layer) ?? value.MakerOf(RootMeanSquare)) is { } norm
        && norm.Output.Shape.Equals(reader.Output.Shape)
        && rewriter.HasSingleUse(norm.Output)
        && rewriter.OnlyFirstOutputUsed(norm)
            ? norm
            : null;

    /// <summary>A constant with exactly the normalised shape, leading dimensions of size 1 dropped.</summary>
    private static Value? Parameter(Value value, Node norm, GraphRewriter rewriter)
    {
        Shape x = norm.Required(0).Shape;
        Shape.TryNormalizeAxis(norm.Attributes.Int("axis", -1), x.Rank, out int axis);
        var wanted = new Shape(x.Extents.Skip(axis));
        int leading = value.Shape.Rank - wanted.Rank;
        bool fits = value is { IsConstant: true, Type: ElementType.Float32 }
            && leading >= 0
            && value.Shape.Dimensions.Take(leading).All(static d => d == 1)
            && value.Shape.Extents.Skip(leading).SequenceEqual(wanted.Extents);
        return fits ? rewriter.Reshape(value, wanted, value.Name) : null;
    }

    private static (string Name, object Value)[] Attributes(Node norm) => norm.Attributes.Names.Select(n => (n, norm.Attributes.Raw(n)!)).ToArray();

    /// <summary>exp(u) / Σ exp(u) along one axis, where u may be x − max(x).</summary>
    private static Value? Softmax(Node node, GraphRewriter rewriter)
    {
        if (node.Input(0).MakerOf("Exp") is not { } exponential
            || node.Input(1).MakerOf("ReduceSum") is not { } sum
            || !ReferenceEquals(sum.Input(0), exponential.Output)
            || ReducedDimensions.Of(sum) is not { Keep: true, Axes: { Length: 1 } axes }
            || OperatorRegistry.Find(string.Empty, "Softmax") is null)
        {
            return null;
        }

        Value x = exponential.Required(0);
        if (x.MakerOf("Sub") is { } difference
            && difference.Input(1).MakerOf("ReduceMax") is { } maximum
            && ReferenceEquals(maximum.Input(0), difference.Input(0))
            && ReducedDimensions.Of(maximum) is { Keep: true } reduced
            && reduced.Axes.SequenceEqual(axes))
        {
            x = difference.Required(0);
        }

        return rewriter.Insert("Softmax", node.Name, new[] { x }, ("axis", (long)axes[0]));
    }
}
