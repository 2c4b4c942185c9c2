using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>TreeEnsembleRegressor: decision trees joined by sum, average, minimum or maximum, plus base values.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html · Types: f32, f64, i64, i32 to f32 · Opsets: 3 added f64 attributes.</remarks>
internal sealed class TreeEnsembleRegressor : MlOperator
{
    private static readonly string[] _aggregates = { "AVERAGE", "SUM", "MIN", "MAX" };

    public TreeEnsembleRegressor()
        : base("TreeEnsembleRegressor")
    {
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, FeatureTypes);
        long targets = context.Attributes.Int("n_targets", 1);
        if (Array.IndexOf(_aggregates, Aggregate(context.Node)) < 0 || targets < 1 || context.Shape(0).Rank is not (1 or 2))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"aggregate_function is '{Aggregate(context.Node)}' and n_targets {targets}");
        }

        ScoreTransform.Check(context);
        Forest.Read(context, "target");
        context.SetOutput(0, ElementType.Float32, context.MakeShape(new[] { SamplesOf(context.Node).Rows, targets }));
    }

    protected override void Compose(Node node, Composer compose)
    {
        Forest forest = Forest.Read(new InferContext(node), "target");
        var aggregate = (ForestAggregate)Array.IndexOf(_aggregates, Aggregate(node));
        Value scores = compose.Cast(ForestScores.Write(compose, TreeSamples.Of(compose, node), forest, node.Output.Shape[1], aggregate), ElementType.Float32);
        float[] bases = TreeSamples.BaseValues(node);
        Value based = bases.Length == node.Output.Shape[1] && bases.Any(static b => b != 0) ? compose.Op("Add", scores, compose.Floats(bases, role: "base_values")) : scores;
        compose.Return(ScoreTransform.Apply(compose, based, ScoreTransform.Of(node)));
    }

    private static string Aggregate(Node node) => node.Attributes.String("aggregate_function", "SUM");
}
