using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Attention in one pass over the rows of Q: the scores of a block of rows with all keys stay in the cache until they have become
/// weights and been multiplied with V. The matrix of all scores is never stored.
/// </summary>
/// <remarks>The maximum of a row is subtracted before the exponential; the sum divides the outputs, which are fewer than the weights.</remarks>
internal sealed class AttentionStep : Step
{
    private readonly AttentionWork _work;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="work">Operands and sizes.</param>
    public AttentionStep(Node node, AttentionWork work)
        : base(node, node.Name)
    {
        _work = work;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _work.Query, _work.KeyPanels, _work.ValuePanels, _work.Mask }.OfType<TensorView>().ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _work.Output };

    public override IReadOnlyList<Storage> Scratch => new[] { _work.Scores.Storage, _work.Factors.Storage, _work.Sums.Storage };

    public override long MultiplyAdds => _work.MultiplyAdds;

    public override string Kernel => $"attention, {_work.BlockRows} of {_work.Rows} rows at once, {_work.Keys} keys of {_work.Features}, values of {_work.Columns}";

    public override string Summary
    {
        get
        {
            string score = _work.Score?.Formula(_work.Mask is null ? new[] { "Q·Kᵀ" } : new[] { "Q·Kᵀ", "mask" })
                ?? (_work.Scale == 1 ? "Q·Kᵀ" : $"{_work.Scale:R} * Q·Kᵀ");
            return $"Attention, y = softmax({score})·V";
        }
    }

    public override IEnumerable<string> Explain(Simd simd)
    {
        yield return $"A block of {_work.BlockRows} rows at a time: their scores with all keys, the exponentials of those relative to each row's";
        yield return "maximum, and the values weighted by them; a row's outputs are then divided by the sum of its exponentials.";
    }

    public override void Emit(StepWriter writer)
    {
        writer.Pointer(_work.Query, "query", _work.Query.Describe());
        writer.Pointer(_work.KeyPanels, "keys", "16 keys a panel");
        writer.Pointer(_work.ValuePanels, "values", "16 columns a panel");
        if (_work.Mask is { } mask)
        {
            writer.Pointer(mask, "mask", mask.Describe());
        }

        writer.Pointer(_work.Output, "output", _work.Output.Describe());
        EmitScratch(writer, _work.Scores, "scores", "scores of a block of rows, then their exponentials");
        EmitScratch(writer, _work.Factors, "factors", "one divided by the sum of a row's exponentials");
        EmitScratch(writer, _work.Sums, "s", "sums of blocks that are not whole");
        using (writer.ForUnits("unit", Units))
        {
            EmitUnit(writer);
        }
    }

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Units;

    /// <summary>A block of rows of a head is a unit.</summary>
    private Extent Units => _work.Batch.Aggregate(RowBlocks, static (p, e) => p * e);

    private Extent RowBlocks => Extent.Of((_work.Rows.Expression + Size.Of(_work.BlockRows - 1)).FloorDivide(_work.BlockRows));

    private static void EmitScratch(StepWriter writer, TensorView view, string name, string comment)
    {
        if (writer.IsShared)
        {
            writer.Line($"float* {writer.Name(name)} = stackalloc float[{view.Shape.ElementCount}];   // {comment}");
        }
        else
        {
            writer.Pointer(view, name, comment);
        }
    }

    private void EmitUnit(StepWriter writer)
    {
        Extent inner = RowBlocks;
        for (int i = _work.Batch.Count - 1; i >= 0; i--)
        {
            Extent extent = _work.Batch[i];
            if (extent.Maximum > 1)
            {
                string index = inner == 1 ? "unit" : $"unit / {writer.Value(inner)}";
                bool outermost = _work.Batch.Take(i).All(static e => e == 1);
                writer.Line($"int n{i} = {(outermost ? index : inner == 1 ? $"unit % {writer.Value(extent)}" : $"({index}) % {writer.Value(extent)}")};");
                inner *= extent;
            }
        }

        int rows = _work.BlockRows;
        writer.Line(RowBlocks == 1 ? "const int start = 0;" : $"int start = {(Units == RowBlocks ? "unit" : $"unit % {writer.Value(RowBlocks)}")} * {rows};");
        if (_work.IsDynamic)
        {
            writer.Line($"int count = global::System.Math.Min({rows}, {writer.Value(_work.Rows)} - start);");
            EmitRows(writer, rows, "count");
            return;
        }

        int rest = _work.Rows.Maximum % rows;
        if (RowBlocks == 1 || rest == 0)
        {
            EmitRows(writer, rows);
            return;
        }

        using (writer.Block($"if (start < {_work.Rows.Maximum - rest})"))
        {
            EmitRows(writer, rows);
        }

        using (writer.Block("else"))
        {
            EmitRows(writer, rest);
        }
    }

    private void EmitRows(StepWriter writer, int rows, string? variable = null)
    {
        using (writer.Block())
        {
            writer.Line($"float* x = query{Offset(_work.Query)};");
            writer.Line($"float* w = keys{Offset(_work.KeyBatchStrides)};");
            writer.Line("float* y = scores;");
            Contract(writer, _work.ScoreContraction(rows, variable));
        }

        new AttentionWeights(_work, _work.Mask is { } mask ? $"mask{Offset(mask)}" : string.Empty).Emit(writer, rows, variable);
        using (writer.Block())
        {
            writer.Line("float* x = scores;");
            writer.Line($"float* w = values{Offset(_work.ValueBatchStrides)};");
            writer.Line("float* r1 = factors;");
            writer.Line($"float* y = output{Offset(_work.Output)};");
            Contract(writer, _work.OutputContraction(rows, variable));
        }
    }

    private static void Contract(StepWriter writer, Contraction work) => new ContractionWriter(work, writer, work.Tile(writer.Simd), ContractionSplit.None).WriteLoops();

    /// <summary>Where the rows from <c>start</c> on of the present head begin.</summary>
    private string Offset(TensorView view)
    {
        long row = view.Layout.Strides[view.Shape.Rank - 2];
        return Offset(view.Layout.Strides) + (row == 0 ? string.Empty : $" + (start * {row}L)");
    }

    private string Offset(IReadOnlyList<long> strides) => string.Concat(_work.Batch.Select((extent, i) =>
        extent == 1 || strides[i] == 0 ? string.Empty : $" + (n{i} * {strides[i]}L)"));
}
