using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>What <c>post_transform</c> does with the scores of a row.</summary>
/// <remarks>
/// The specification names the functions; what happens to a single score follows ONNX Runtime (<c>ml_common.h</c>), whose results
/// exporters take for granted: of all functions only PROBIT applies to a score that stands alone.
/// </remarks>
internal static class ScoreTransform
{
    private static readonly string[] _kinds = { "NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT" };

    /// <summary>The node's <c>post_transform</c>.</summary>
    public static string Of(Node node) => node.Attributes.String("post_transform", "NONE");

    /// <summary>Fails unless the attribute is one of the defined functions.</summary>
    public static void Check(InferContext context)
    {
        string kind = Of(context.Node);
        if (!_kinds.Contains(kind, StringComparer.Ordinal))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"post_transform is '{kind}'; defined are {string.Join(", ", _kinds)}");
        }
    }

    /// <summary>Applies the function to scores [rows, n].</summary>
    public static Value Apply(Formula f, Value scores, string kind) => kind switch
    {
        "PROBIT" => Probit(f, scores),
        _ when scores.Shape[1] == 1 => scores,
        "SOFTMAX" => f.Op("Softmax", new[] { scores }, ("axis", 1L)),
        "LOGISTIC" => f.Op("Sigmoid", scores),
        "SOFTMAX_ZERO" => SoftmaxOfNonZero(f, scores),
        _ => scores,
    };

    /// <summary>The two columns that one score of a binary classifier stands for, the negative class first.</summary>
    /// <param name="f">Where the nodes go.</param>
    /// <param name="score">The score of the positive class [rows, 1].</param>
    /// <param name="kind">The node's <c>post_transform</c>.</param>
    /// <param name="isProbability">True if the score is a share of one, false if zero separates the classes.</param>
    /// <param name="ordered">True if the losing class comes first where the scores are no probabilities and not transformed.</param>
    public static Value Complement(Formula f, Value score, string kind, bool isProbability, bool ordered = false)
    {
        if (isProbability)
        {
            return f.Concat(1, f.Op("Sub", f.Scalar(1), score), score);
        }

        if (kind == "LOGISTIC")
        {
            return f.Concat(1, f.Op("Sigmoid", f.Op("Neg", score)), f.Op("Sigmoid", score));
        }

        Value positive = ordered ? f.Op("Abs", score) : score;
        return f.Concat(1, f.Op("Neg", positive), positive);
    }

    /// <summary>√2·erf⁻¹(2x − 1), with Winitzki's approximation of the inverse error function.</summary>
    private static Value Probit(Formula f, Value scores)
    {
        const float a = 0.147f;
        Value x = f.Op("Sub", f.Op("Mul", scores, f.Scalar(2)), f.Scalar(1));
        Value product = f.Op("Mul", f.Op("Sub", f.Scalar(1), x), f.Op("Add", f.Scalar(1), x));
        Value log = f.Op("Log", product);
        Value v = f.Op("Add", f.Op("Mul", log, f.Scalar(0.5f)), f.Scalar(2 / (3.14159f * a)));
        Value v2 = f.Op("Mul", log, f.Scalar(1 / a));
        Value root = f.Op("Sqrt", f.Op("Sub", f.Op("Sqrt", f.Op("Sub", f.Op("Mul", v, v), v2)), v));
        Value sign = f.Op("Where", f.Op("Less", x, f.Scalar(0)), f.Scalar(-1), f.Scalar(1));
        return f.Op("Mul", f.Op("Mul", sign, root), f.Scalar(1.41421356f));
    }

    /// <summary>Softmax in which zeros stay zeros: e⁰ would give absent classes a share.</summary>
    private static Value SoftmaxOfNonZero(Formula f, Value scores)
    {
        Value maximum = f.Op("ReduceMax", new[] { scores, f.Integers(1) });
        Value present = f.Op("Greater", f.Op("Abs", scores), f.Scalar(1e-7f));
        Value shares = f.Op(
            "Where",
            present,
            f.Op("Exp", f.Op("Sub", scores, maximum)),
            f.Op("Mul", scores, f.Op("Exp", f.Op("Neg", maximum))));
        return f.Op("Div", shares, f.Op("ReduceSum", shares, f.Integers(1)));
    }
}
