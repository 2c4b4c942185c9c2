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

    protected override IReadOnlyList<Value> Decompose(Node node, Formula f)
    {
        Forest forest = Forest.Read(new InferContext(node), "class");
        ClassLabels labels = ClassLabels.TryOf(node, "classlabels_int64s")!;
        Value scores = f.Cast(ForestScores.Write(f, TreeSamples.Of(f, node), forest, labels.Count, ForestAggregate.Sum), ElementType.Float32);
        HashSet<long> weighted = new(forest.Leaves.SelectMany(static l => l.Weights).Select(static w => w.Target));
        return labels.Count == 2 ? Binary(node, f, forest, labels, scores, weighted) : Multiclass(node, f, labels, scores, weighted);
    }

    private static Value[] Multiclass(Node node, Formula f, ClassLabels labels, Value scores, HashSet<long> weighted)
    {
        float[] bases = TreeSamples.BaseValues(node);
        Value based = bases.Length == labels.Count ? f.Op("Add", scores, f.Floats(bases, role: "base_values")) : scores;

        // A class that no leaf weighs and no base value raises cannot win.
        bool all = bases.Length == labels.Count || weighted.Count == labels.Count;
        float[] bars = Enumerable.Range(0, labels.Count).Select(i => weighted.Contains(i) ? 0 : float.NegativeInfinity).ToArray();
        Value candidates = all ? based : f.Op("Add", based, f.Floats(bars, role: "unweighted"));
        return new[] { labels.OfLargest(f, candidates), ScoreTransform.Apply(f, based, ScoreTransform.Of(node)) };
    }

    private static Value[] Binary(Node node, Formula f, Forest forest, ClassLabels labels, Value scores, HashSet<long> weighted)
    {
        string transform = ScoreTransform.Of(node);
        float[] bases = TreeSamples.BaseValues(node);
        Value first = Column(f, scores, 0);
        Value second = Column(f, scores, 1);
        if (bases.Length == 2 && weighted.Contains(1))
        {
            second = f.Op("Add", first, f.Scalar(bases[1]));
            first = f.Op("Neg", second);
        }
        else if (bases.Length > 0)
        {
            first = f.Op("Add", first, f.Scalar(bases[0]));
            second = bases.Length == 2 ? f.Op("Add", second, f.Scalar(bases[1])) : second;
        }

        bool oneClass = weighted.Count == 1;
        bool probabilities = oneClass && forest.Leaves.SelectMany(static l => l.Weights).All(static w => w.Weight >= 0);
        Value positive = weighted.Contains(1) ? second : first;
        Value condition = f.Op("Greater", positive, f.Scalar(probabilities ? 0.5f : 0));
        ClassLabels decided = oneClass ? labels : labels.Counting();
        Value result = weighted.Contains(1) || bases.Length == 2
            ? ScoreTransform.Apply(f, f.Concat(1, first, second), transform)
            : ScoreTransform.Complement(f, first, transform, probabilities, ordered: true);
        return new[] { decided.OfCondition(f, condition), result };
    }

    private static Value Column(Formula f, Value scores, int column) => f.Op("Slice", scores, f.Integers(column), f.Integers(column + 1), f.Integers(1));
}
