using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>TreeEnsembleClassifier: the sums of decision trees for each class; the label of the largest, and all scores.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleClassifier.html · Types: f32, f64, i64, i32; labels i64 or string ·
/// Opsets: 3 added f64 attributes. What the scores of two classes mean where leaves weigh only one of them follows ONNX Runtime
/// (<c>tree_ensemble_aggregator.h</c>): weights that are never negative are probabilities of the second class, others decide at zero.
/// </remarks>
internal sealed class TreeEnsembleClassifier : MlOperator
{
    public TreeEnsembleClassifier()
        : base("TreeEnsembleClassifier")
    {
    }

    public override (int Min, int Max) OutputCount => (1, 2);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, FeatureTypes);
        if (context.Shape(0).Rank is not (1 or 2))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the samples must have 1 or 2 dimensions, they have {context.Shape(0).Rank}");
        }

        ClassLabels labels = ClassLabels.Require(context, "classlabels_int64s");
        ScoreTransform.Check(context);
        Forest.Read(context, "class");
        int rows = SamplesOf(context.Node).Rows;
        context.SetOutput(0, labels.Tensor.Type, new Shape(rows));
        context.SetOutput(1, ElementType.Float32, new Shape(rows, labels.Count));
    }

    protected override void Compose(Node node, Composer compose)
    {
        Forest forest = Forest.Read(new InferContext(node), "class");
        ClassLabels labels = ClassLabels.TryOf(node, "classlabels_int64s")!;
        Value scores = ForestScores.Write(compose, TreeSamples.Of(compose, node), forest, labels.Count, ForestAggregate.Sum);
        HashSet<long> weighted = new(forest.Leaves.SelectMany(static l => l.Weights).Select(static w => w.Target));
        if (labels.Count == 2)
        {
            Binary(node, compose, forest, labels, scores, weighted);
        }
        else
        {
            Multiclass(node, compose, labels, scores, weighted);
        }
    }

    private static void Multiclass(Node node, Composer compose, ClassLabels labels, Value scores, HashSet<long> weighted)
    {
        float[] bases = TreeSamples.BaseValues(node);
        Value based = bases.Length == labels.Count ? compose.Op("Add", scores, Numbers(compose, bases, scores.Type)) : scores;

        // A class that no leaf weighs and no base value raises cannot win.
        bool all = bases.Length == labels.Count || weighted.Count == labels.Count;
        float[] bars = Enumerable.Range(0, labels.Count).Select(i => weighted.Contains(i) ? 0 : float.NegativeInfinity).ToArray();
        Value candidates = all ? based : compose.Op("Add", based, Numbers(compose, bars, scores.Type));
        compose.Return(labels.OfLargest(compose, candidates), ScoreTransform.Apply(compose, Single(compose, based), ScoreTransform.Of(node)));
    }

    private static void Binary(Node node, Composer compose, Forest forest, ClassLabels labels, Value scores, HashSet<long> weighted)
    {
        string transform = ScoreTransform.Of(node);
        float[] bases = TreeSamples.BaseValues(node);
        Value first = Column(compose, scores, 0);
        Value second = Column(compose, scores, 1);
        if (bases.Length == 2 && weighted.Contains(1))
        {
            second = compose.Op("Add", first, compose.Scalar(bases[1], scores.Type));
            first = compose.Op("Neg", second);
        }
        else if (bases.Length > 0)
        {
            first = compose.Op("Add", first, compose.Scalar(bases[0], scores.Type));
            second = bases.Length == 2 ? compose.Op("Add", second, compose.Scalar(bases[1], scores.Type)) : second;
        }

        bool oneClass = weighted.Count == 1;
        bool probabilities = oneClass && forest.Leaves.SelectMany(static l => l.Weights).All(static w => w.Weight >= 0);
        Value positive = weighted.Contains(1) ? second : first;
        Value condition = compose.Op("Greater", positive, compose.Scalar(probabilities ? 0.5 : 0, scores.Type));
        ClassLabels decided = oneClass ? labels : labels.Counting();
        Value result = weighted.Contains(1) || bases.Length == 2
            ? ScoreTransform.Apply(compose, Single(compose, compose.Concat(1, first, second)), transform)
            : ScoreTransform.Complement(compose, Single(compose, first), transform, probabilities, ordered: true);
        compose.Return(decided.OfCondition(compose, condition), result);
    }

    /// <summary>Scores as the model gives them; what decides between classes keeps the type of the samples.</summary>
    private static Value Single(Composer compose, Value scores) => compose.Cast(scores, ElementType.Float32);

    private static Value Numbers(Composer compose, float[] values, ElementType type) =>
        compose.Numbers(type, new Shape(values.Length), Array.ConvertAll(values, static v => (double)v));

    private static Value Column(Composer compose, Value scores, int column) => compose.Op("Slice", scores, compose.Ints(column), compose.Ints(column + 1), compose.Ints(1));
}
