using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>What <c>post_transform</c> does with the scores of a row.</summary>
/// <remarks>
/// The specification names the functions; what happens to a single score follows ONNX Runtime (<c>ml_common.h</c>), whose results
/// exporters take for granted: of all functions only PROBIT applies to a score that stands alone, and LOGISTIC to one that two classes share.
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
    public static Value Apply(Composer compose, Value scores, string kind) => kind switch
    {
        "PROBIT" => Probit(compose, scores),
        _ when scores.Shape[1] == 1 => scores,
        "SOFTMAX" => compose.Op("Softmax", new[] { scores }, ("axis", 1L)),
        "LOGISTIC" => compose.Op("Sigmoid", scores),
        "SOFTMAX_ZERO" => SoftmaxOfNonZero(compose, scores),
        _ => scores,
    };

    /// <summary>The two columns that one score of a binary classifier stands for, the negative class first.</summary>
    /// <param name="f">Where the nodes go.</param>
    /// <param name="score">The score of the positive class [rows, 1].</param>
    /// <param name="kind">The node's <c>post_transform</c>.</param>
    /// <param name="isProbability">True if the score is a share of one, false if zero separates the classes.</param>
    /// <param name="ordered">True if the losing class comes first where the scores are no probabilities and not transformed.</param>
    public static Value Complement(Composer compose, Value score, string kind, bool isProbability, bool ordered = false)
    {
        if (kind == "LOGISTIC")
        {
            return compose.Concat(1, compose.Op("Sigmoid", compose.Op("Neg", score)), compose.Op("Sigmoid", score));
        }

        if (isProbability)
        {
            return compose.Concat(1, compose.Op("Sub", compose.Scalar(1), score), score);
        }

        Value positive = ordered ? compose.Op("Abs", score) : score;
        return compose.Concat(1, compose.Op("Neg", positive), positive);
    }

    /// <summary>√2·erf⁻¹(2x − 1), with Winitzki's approximation of the inverse error function.</summary>
    private static Value Probit(Composer compose, Value scores)
    {
        const float a = 0.147f;
        Value x = compose.Op("Sub", compose.Op("Mul", scores, compose.Scalar(2)), compose.Scalar(1));
        Value product = compose.Op("Mul", compose.Op("Sub", compose.Scalar(1), x), compose.Op("Add", compose.Scalar(1), x));
        Value log = compose.Op("Log", product);
        Value v = compose.Op("Add", compose.Op("Mul", log, compose.Scalar(0.5f)), compose.Scalar(2 / (3.14159f * a)));
        Value v2 = compose.Op("Mul", log, compose.Scalar(1 / a));
        Value root = compose.Op("Sqrt", compose.Op("Sub", compose.Op("Sqrt", compose.Op("Sub", compose.Op("Mul", v, v), v2)), v));
        Value sign = compose.Op("Where", compose.Op("Less", x, compose.Scalar(0)), compose.Scalar(-1), compose.Scalar(1));
        return compose.Op("Mul", compose.Op("Mul", sign, root), compose.Scalar(1.41421356f));
    }

    /// <summary>Softmax in which zeros stay zeros: e⁰ would give absent classes a share.</summary>
    private static Value SoftmaxOfNonZero(Composer compose, Value scores)
    {
        Value maximum = compose.Op("ReduceMax", new[] { scores, compose.Ints(1) });
        Value present = compose.Op("Greater", compose.Op("Abs", scores), compose.Scalar(1e-7f));
        Value shares = compose.Op(
            "Where",
            present,
            compose.Op("Exp", compose.Op("Sub", scores, maximum)),
            compose.Op("Mul", scores, compose.Op("Exp", compose.Op("Neg", maximum))));
        return compose.Op("Div", shares, compose.Op("ReduceSum", shares, compose.Ints(1)));
    }
}
