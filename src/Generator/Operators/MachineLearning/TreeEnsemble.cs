using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>TreeEnsemble: decision trees joined by sum, average, minimum or maximum; branches may test for membership in a set.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html · Types: f32, f64 · Opsets: 5 introduced it.</remarks>
internal sealed class TreeEnsemble : MlOperator
{
    private static readonly string[] _transforms = { "NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT" };

    public TreeEnsemble()
        : base("TreeEnsemble")
    {
    }

    public override int Since => 5;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        context.RequireRank(0, 2);
        long targets = context.Attributes.Int("n_targets", 1);
        long transform = context.Attributes.Int("post_transform", 0);
        long aggregate = context.Attributes.Int("aggregate_function", 1);
        if (targets < 1 || transform is < 0 or > 4 || aggregate is < 0 or > 3)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"n_targets is {targets}, post_transform {transform}, aggregate_function {aggregate}");
        }

        Forest.ReadEnsemble(context);
        context.SetOutput(0, context.Type(0), context.MakeShape(new[] { context.Shape(0)[0], targets }));
    }

    protected override void Compose(Node node, Composer compose)
    {
        Forest forest = Forest.ReadEnsemble(new InferContext(node));
        var aggregate = (ForestAggregate)(int)node.Attributes.Int("aggregate_function", 1);
        string transform = _transforms[(int)node.Attributes.Int("post_transform", 0)];
        Value scores = ForestScores.Write(compose, node.Required(0), forest, node.Output.Shape[1], aggregate);
        compose.Return(transform == "NONE" ? scores : compose.Cast(ScoreTransform.Apply(compose, compose.Cast(scores, ElementType.Float32), transform), node.Output.Type));
    }
}
