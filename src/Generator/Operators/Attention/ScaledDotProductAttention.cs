using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Operators.Attention;

/// <summary>
/// Attention: y = softmax(scale · Q·Kᵀ, masked) · V, with Q [batch…, S, D], Kᵀ [batch…, D, T], V [batch…, T, E]; batch dimensions
/// broadcast, so heads that share keys and values need no copies of them. The mask broadcasts to [batch…, S, T].
/// </summary>
/// <remarks>
/// The compiler's own: what exporters write as MatMul, Mul or Div, Add or Where, Softmax and MatMul becomes this node
/// (<see cref="Optimization.AttentionFusion"/>). With the attribute <c>fill</c> a score whose mask is 0 becomes that number;
/// without it the mask is added to the scores. Types: f32.
/// </remarks>
internal sealed class ScaledDotProductAttention : Operator
{
    public ScaledDotProductAttention()
        : base("ScaledDotProductAttention", InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (3, 4);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        for (int i = 1; i < context.Node.OperatorInputCount; i++)
        {
            context.RequireSameType(0, i);
        }

        MatrixShape scores = MatrixShape.Of(context.Shape(0), context.Shape(1))
            ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, "Q and Kᵀ do not fit each other");
        MatrixShape products = MatrixShape.Of(scores.FullOutput, context.Shape(2))
            ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, "K and V do not fit each other");
        if (context.Shape(0).Rank < 2 || context.Shape(1).Rank < 2 || context.Shape(2).Rank < 2 || scores.K == 0 || products.K == 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "Q, Kᵀ and V must have two dimensions or more, and features and keys");
        }

        if (context.Has(3) && !context.Shape(3).BroadcastsTo(scores.FullOutput))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the mask does not broadcast to {scores.FullOutput}");
        }

        context.SetOutput(0, ElementType.Float32, context.MakeShape(products.Output.Select(static d => (long)d)));
    }

    public override bool FitsAlike(Node node) => MatrixShape.Of(node.Required(0).Shape, node.Required(1).Shape) is { } scores
        && MatrixShape.Of(scores.FullOutput, node.Required(2).Shape) is not null
        && (node.Input(3)?.Shape.BroadcastsTo(scores.FullOutput) ?? true);

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        MatrixShape qk = ScoreShape(node);
        MatrixShape pv = ProductShape(node);
        var query = new BroadcastIndex(qk.LeftBatch, qk.Batch);
        var key = new BroadcastIndex(qk.RightBatch, qk.Batch);
        BroadcastIndex mask = inputs[3] is { } given ? new BroadcastIndex(given.Shape, qk.FullOutput) : default;
        var scoreBatch = new BroadcastIndex(pv.LeftBatch, pv.Batch);
        var value = new BroadcastIndex(pv.RightBatch, pv.Batch);
        var result = new float[node.Output.Shape.ElementCount];
        for (int i = 0; i < result.Length; i += pv.N)
        {
            int batch = i / (pv.M * pv.N);
            int row = i / pv.N % pv.M;
            int scores = scoreBatch.Map(batch);
            double[] weights = new double[pv.K];
            for (int t = 0; t < weights.Length; t++)
            {
                int column = t;
                int queryStart = ((query.Map(scores) * qk.M) + row) * qk.K;
                int keyStart = (key.Map(scores) * qk.K * qk.N) + column;
                double score = MatrixOracle.Dot(inputs[0]!, k => queryStart + k, inputs[1]!, k => keyStart + (k * qk.N), qk.K);
                weights[t] = Masked(node, score, inputs[3], mask, (((scores * qk.M) + row) * qk.N) + column);
            }

            double maximum = weights.Max();
            double[] exponentials = weights.Select(w => Math.Exp(w - maximum)).ToArray();
            double sum = exponentials.Sum();
            int valueStart = value.Map(batch) * pv.K * pv.N;
            for (int n = 0; n < pv.N; n++)
            {
                result[i + n] = (float)(Enumerable.Range(0, pv.K).Sum(t => exponentials[t] * inputs[2]!.Floats()[valueStart + (t * pv.N) + n]) / sum);
            }
        }

        return new[] { Tensor.Create(ElementType.Float32, node.Output.Shape, result) };
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * ProductShape(node).K * 2;

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = PlaceTransposed(node, context) ?? context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        MatrixShape pv = ProductShape(node);
        MatrixShape qk = ScoreShape(node) with { Batch = pv.Batch };
        TensorView query = context.ReadPlain(node.Required(0));
        RightOperand keys = MatrixLowering.Dynamic(node.Required(1), qk, context);
        RightOperand values = MatrixLowering.Dynamic(node.Required(2), pv, context);
        int blockRows = AttentionWork.RowBlock(qk.Rows, qk.Columns, pv.Batch.Extents);
        context.Add(new AttentionStep(node, new AttentionWork
        {
            Batch = pv.Batch.Extents.ToArray(),
            Rows = qk.Rows,
            Features = qk.K,
            Keys = qk.Columns,
            Columns = pv.N,
            Query = query.With(query.Layout.BroadcastTo(new Shape(pv.Batch.Extents.Concat(new[] { qk.Rows, qk.Terms })))),
            KeyPanels = keys.Panels,
            KeyBatchStrides = keys.BatchStrides!,
            ValuePanels = values.Panels,
            ValueBatchStrides = values.BatchStrides!,
            Mask = Mask(node, qk.FullOutput, context),
            Score = Score(node),
            Scale = Score(node) is null ? node.Attributes.Float("scale", 1) : 1,
            Output = output.With(output.Layout.TryReshape(pv.FullOutput) ?? output.Layout),
            Scores = context.Scratch($"{node.Name}.scores", ElementType.Float32, AttentionWork.ScoreScratch(blockRows, qk.N)),
            Factors = context.Scratch($"{node.Name}.factors", ElementType.Float32, new Shape(blockRows)),
            Sums = context.Scratch($"{node.Name}.sums", ElementType.Float32, AttentionWork.SumScratch),
        }));
    }

    private static MatrixShape ScoreShape(Node node) => MatrixShape.Of(node.Required(0).Shape, node.Required(1).Shape)!;

    private static MatrixShape ProductShape(Node node) => MatrixShape.Of(ScoreShape(node).FullOutput, node.Required(2).Shape)!;

    private static double Masked(Node node, double product, Tensor? mask, BroadcastIndex index, int element)
    {
        double score = product * node.Attributes.Float("scale", 1);
        return mask is null ? score
            : !node.Attributes.Has("fill") ? score + mask.Floats()[index.Map(element)]
            : mask.Floats()[index.Map(element)] == 0 ? node.Attributes.Float("fill", 0)
            : score;
    }

    /// <summary>What becomes of a product of query and key before the softmax; operand 1 is the mask. Null if at most a positive factor, which
    /// leaves the maximum where it is.</summary>
    private static ElementProgram? Score(Node node)
    {
        float scale = node.Attributes.Float("scale", 1);
        if (node.Input(3) is null && scale is > 0 and < float.PositiveInfinity)
        {
            return null;
        }

        ElementProgram program = ElementProgram.Identity(ElementType.Float32);
        if (scale != 1)
        {
            program = program.Append(GemmOperands.Scale(scale), new int?[] { null }, Array.Empty<ElementType>());
        }

        if (node.Input(3) is not null)
        {
            ElementFunction function = node.Attributes.Has("fill") ? Fill(node.Attributes.Float("fill", 0)) : GemmOperands.AddScaled(1);
            program = program.Append(function, new int?[] { null, 0 }, new[] { ElementType.Float32 });
        }

        return program.Instructions.Count == 0 ? null : program;
    }

    private static ElementFunction Fill(float fill) => new DelegateFunction($"FillMasked({Literal.Of(fill)})", 2, $"({{1}} = 0 ? {fill:R} : {{0}})")
    {
        Real = x => x[1] == 0 ? fill : x[0],
        Float = (simd, x) => simd.Select(simd.IsZero(x[1]), simd.Constant(fill), x[0]),
        Cheap = true,
    };

    private static TensorView? Mask(Node node, Shape scores, LoweringContext context)
    {
        if (node.Input(3) is not { } mask)
        {
            return null;
        }

        TensorView view = context.ReadPlain(mask);
        view = view.Layout.IsContiguousInside ? view : context.ReadDense(mask);
        return view.With(view.Layout.BroadcastTo(scores));
    }

    /// <summary>
    /// Heads usually move behind the rows next, to be joined: the rows then are written to their final place. Null if the next
    /// node is another.
    /// </summary>
    private static TensorView? PlaceTransposed(Node node, LoweringContext context)
    {
        Value result = node.Output;
        int last = result.Shape.Rank - 1;
        if (context.IsPlaced(result)
            || result.Uses.Count != 1
            || context.Graph.IsOutput(result)
            || result.Uses[0].Node is not { Operator: Movement.Transpose, Epilogue: null } transpose
            || Movement.Transpose.Permutation(transpose) is not { } perm
            || perm[last] != last)
        {
            return null;
        }

        TensorView after = context.Allocate(transpose.Output);
        int[] inverse = Enumerable.Range(0, perm.Length).Select(i => Array.IndexOf(perm, i)).ToArray();
        if (after.Layout.IsBlocked || !after.Layout.IsContiguousInside)
        {
            return null;
        }

        TensorView view = after.With(after.Layout.Transpose(inverse));
        context.Alias(result, view);
        return view;
    }
}
