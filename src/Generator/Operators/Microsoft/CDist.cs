using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Microsoft;

/// <summary>CDist: the distance of each row of one matrix from each row of another, squared or not.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#commicrosoftcdist · Types: f32, f64.</remarks>
internal sealed class CDist : Operator
{
    public CDist()
        : base("CDist", "com.microsoft")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        context.RequireSameType(0, 1);
        context.RequireRank(0, 2);
        context.RequireRank(1, 2);
        if (context.Shape(0)[1] != context.Shape(1)[1])
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the rows have different lengths");
        }

        if (Metric(context.Node) is not ("sqeuclidean" or "euclidean"))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, $"metric is '{Metric(context.Node)}'; supported are sqeuclidean and euclidean");
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(new long[] { context.Shape(0)[0], context.Shape(1)[0] }));
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * node.Required(0).Shape[1];

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        int features = inputs[0]!.Shape[1];
        int columns = node.Output.Shape[1];
        var bytes = new byte[checked((int)(node.Output.Shape.ElementCount * node.Output.Type.Size()))];
        for (int i = 0; i < node.Output.Shape.ElementCount; i++)
        {
            double sum = 0;
            for (int k = 0; k < features; k++)
            {
                double difference = ElementEvaluation.Read(inputs[0]!, (i / columns * features) + k) - ElementEvaluation.Read(inputs[1]!, (i % columns * features) + k);
                sum += difference * difference;
            }

            ElementEvaluation.Write(bytes, node.Output.Type, i, IsSquared(node) ? sum : Math.Sqrt(sum));
        }

        return new[] { Tensor.FromBytes(node.Output.Type, node.Output.Shape, bytes, "CDist") };
    }

    public override void Lower(Node node, LoweringContext context) => context.Add(new DistanceStep(
        node, context.ReadDense(node.Required(0)), context.ReadDense(node.Required(1)), context.Allocate(node.Output), IsSquared(node)));

    private static bool IsSquared(Node node) => Metric(node) == "sqeuclidean";

    private static string Metric(Node node) => node.Attributes.String("metric", "sqeuclidean");
}
