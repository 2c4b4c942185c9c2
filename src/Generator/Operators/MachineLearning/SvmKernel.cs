using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>The kernel function of a support vector machine: how a sample and a support vector are compared.</summary>
internal static class SvmKernel
{
    /// <summary>Fails unless the kernel is defined and has its parameters: gamma, coef0, degree.</summary>
    public static void Check(InferContext context)
    {
        string type = TypeOf(context.Node);
        if (type is not ("LINEAR" or "POLY" or "RBF" or "SIGMOID"))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"kernel_type is '{type}'; defined are LINEAR, POLY, RBF, SIGMOID");
        }

        if (context.Attributes.Floats("kernel_params") is { Length: > 0 and not 3 } given)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"kernel_params has {given.Length} numbers where gamma, coef0 and degree are needed");
        }
    }

    /// <summary>The kernel of all pairs.</summary>
    /// <param name="f">Where the nodes go.</param>
    /// <param name="node">The machine, with <c>kernel_type</c> and <c>kernel_params</c>.</param>
    /// <param name="samples">f32 [rows, features].</param>
    /// <param name="vectors">Support vectors, row-major [count, features].</param>
    /// <param name="count">Number of support vectors.</param>
    /// <returns>f32 [rows, count].</returns>
    public static Value Write(Composer compose, Node node, Value samples, float[] vectors, int count)
    {
        float[] parameters = node.Attributes.Floats("kernel_params") is { Length: 3 } given ? given : new float[] { 0, 0, 0 };
        (float gamma, float offset, float degree) = (parameters[0], parameters[1], parameters[2]);
        var shape = new Shape(count, samples.Shape[1]);
        string type = TypeOf(node);
        if (type == "RBF")
        {
            Value distances = compose.Op(OperatorRegistry.Get("CDist", "com.microsoft"), new[] { samples, compose.Floats(vectors, shape, "support_vectors") }, ("metric", "sqeuclidean"));
            return compose.Op("Exp", compose.Op("Mul", distances, compose.Scalar(-gamma)));
        }

        Value products = LinearScores.Write(compose, samples, vectors, count, null);
        if (type == "LINEAR")
        {
            return products;
        }

        Value argument = compose.Op("Add", compose.Op("Mul", products, compose.Scalar(gamma)), compose.Scalar(offset));
        return type == "POLY" ? compose.Op("Pow", argument, compose.Scalar(degree)) : compose.Op("Tanh", argument);
    }

    private static string TypeOf(Node node) => node.Attributes.String("kernel_type", "LINEAR");
}
