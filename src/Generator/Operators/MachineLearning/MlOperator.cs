using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>An operator of <c>ai.onnx.ml</c> that other operators define. Its first input is a matrix of samples, or one sample.</summary>
internal abstract class MlOperator : ComposedOperator
{
    /// <summary>The operator domain of classical machine learning.</summary>
    public const string MlDomain = "ai.onnx.ml";

    /// <summary>Element types of features.</summary>
    protected static readonly ElementType[] FeatureTypes = { ElementType.Float32, ElementType.Float64, ElementType.Int64, ElementType.Int32 };

    protected MlOperator(string name)
        : base(name, MlDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>By default the number of rows may be known only at run time: a row has no part in another's result.</summary>
    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => axis == 0 && node.Required(input).Shape.Rank > 1;

    /// <summary>Rows and columns of the samples: a vector is one row.</summary>
    protected static (int Rows, int Features) SamplesOf(Node node)
    {
        Shape shape = node.Required(0).Shape;
        return shape.Rank == 1 ? (1, shape[0]) : (shape[0], shape[1]);
    }

    /// <summary>Fails unless input 0 holds numbers in one row or a matrix with the number of features.</summary>
    protected static void CheckSamples(InferContext context, int features)
    {
        context.RequireType(0, FeatureTypes);
        if (context.Shape(0).Rank is not (1 or 2))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the samples must have 1 or 2 dimensions, they have {context.Shape(0).Rank}");
        }

        int actual = SamplesOf(context.Node).Features;
        if (actual != features)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the samples have {actual} features, the node's coefficients are for {features}");
        }
    }

    /// <summary>An attribute of floats that must be there.</summary>
    protected static float[] RequireFloats(InferContext context, string attribute) => context.Attributes.Floats(attribute)
        ?? throw context.Fail(DiagnosticCodes.GraphMalformed, $"the attribute '{attribute}' is absent");

    /// <summary>The samples as an f32 matrix.</summary>
    protected static Value Samples(Composer compose, Node node)
    {
        Value samples = compose.Cast(node.Required(0), ElementType.Float32);
        return samples.Shape.Rank == 1 ? compose.Unsqueeze(samples, 0) : samples;
    }
}
