using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>All n-grams of one length.</summary>
/// <param name="Length">Items of a gram.</param>
/// <param name="Gaps">Largest distance between neighbouring items that counts.</param>
/// <param name="Grams">Sorted, [count, length].</param>
/// <param name="Columns">The output column of each gram.</param>
internal sealed record GramTable(int Length, int Gaps, TensorView Grams, TensorView Columns);

/// <summary>How strings become words before they are counted.</summary>
/// <param name="Expression">A regular expression that describes a word; empty if separators stand between words.</param>
/// <param name="Separators">Regular expressions of what stands between words.</param>
/// <param name="Minimum">Shorter words are dropped.</param>
/// <param name="Marks">True if marks at the start and the end are words too.</param>
internal sealed record TokenSplit(string Expression, IReadOnlyList<string> Separators, int Minimum, bool Marks);

/// <summary>Looks every n-gram of every row up among those of a pool, by halving, and counts.</summary>
internal sealed class GramCountStep : Step
{
    private readonly TensorView _input;
    private readonly IReadOnlyList<GramTable> _tables;
    private readonly TensorView? _weights;
    private readonly TensorView _output;
    private readonly bool _counts;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">Dense rows of items: integers, or numbers of strings.</param>
    /// <param name="tables">The pool.</param>
    /// <param name="weights">A weight for each column, or null for 1.</param>
    /// <param name="output">Dense f32, a count for each column of each row.</param>
    /// <param name="counts">False if it only matters whether an n-gram occurs.</param>
    public GramCountStep(Node node, TensorView input, IReadOnlyList<GramTable> tables, TensorView? weights, TensorView output, bool counts)
        : base(node, node.Name)
    {
        _input = input;
        _tables = tables;
        _weights = weights;
        _output = output;
        _counts = counts;
    }

    /// <summary>Set if the items of a row are the words of its strings.</summary>
    public TokenSplit? Tokens { get; init; }

    /// <summary>Rows and their items; the columns are those of the pool.</summary>
    public override bool TakesRunTimeSizes => true;

    public override bool UsesStrings => Tokens is not null;

    public override IReadOnlyList<TensorView> Reads => _tables.SelectMany(static t => new[] { t.Grams, t.Columns })
        .Prepend(_input)
        .Concat(_weights is null ? Enumerable.Empty<TensorView>() : new[] { _weights })
        .ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"counts of {_tables.Sum(static t => t.Columns.Shape[0])} n-grams";

    public override string Summary => $"{Node!.Operator.Name}, how often each n-gram of the pool occurs";

    private int Columns => _output.Shape[_output.Shape.Rank - 1];

    private Extent Items => _input.Shape.Extent(_input.Shape.Rank - 1);

    private int ItemsPerRow => _input.Shape[_input.Shape.Rank - 1];

    public override void Emit(StepWriter writer)
    {
        string type = StepWriter.PointerType(_input.Type);
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        string? weights = _weights is null ? null : writer.Pointer(_weights, "columnWeights");
        if (Tokens is { } split)
        {
            string separators = split.Separators.Count == 0 ? "null" : $"new string[] {{ {string.Join(", ", split.Separators.Select(Literal.Of))} }}";
            writer.Line($"string[] separators = {separators};");
        }

        using (writer.For("row", _output.Shape.Extents.Take(_output.Shape.Rank - 1).Aggregate((Extent)1, static (all, next) => all * next)))
        {
            EmitItems(writer, type, x);
            writer.Line($"float* counts = {y} + (row * {Columns}L);");
            using (writer.For("column", Columns))
            {
                writer.Line("counts[column] = 0f;");
            }

            using (writer.Block(Tokens is null ? string.Empty : "fixed (int* items = words)"))
            {
                foreach (GramTable table in _tables)
                {
                    using (writer.Block())
                    {
                        EmitTable(writer, table);
                    }
                }
            }

            if (weights is not null)
            {
                using (writer.For("column", Columns))
                {
                    writer.Line($"counts[column] = counts[column] == 0f ? 0f : {(_counts ? "counts[column] * " : string.Empty)}{weights}[column];");
                }
            }
        }
    }

    private void EmitItems(StepWriter writer, string type, string x)
    {
        if (Tokens is not { } tokens)
        {
            writer.Line($"{type} items = {x} + (row * {ItemsPerRow}L);");
            writer.Line($"int length = {writer.Value(Items)};");
            return;
        }

        writer.Line($"int[] words = {StepWriter.Strings}.Words({x} + (row * {ItemsPerRow}L), {writer.Value(Items)}, {Literal.Of(tokens.Expression)}, separators, {tokens.Minimum}, {(tokens.Marks ? "true" : "false")});");
        writer.Line("int length = words.Length;");
    }

    private void EmitTable(StepWriter writer, GramTable table)
    {
        string grams = writer.Pointer(table.Grams, "grams", $"{table.Length} items each, sorted");
        string columns = writer.Pointer(table.Columns, "columns");
        using (writer.Block($"for (int gap = 1; gap <= {table.Gaps}; gap++)"))
        using (writer.Block($"for (int start = 0; start + (gap * {table.Length - 1}) < length; start++)"))
        {
            writer.Line("int low = 0;");
            writer.Line($"int high = {table.Columns.Shape[0]};");
            writer.Line("int found = -1;");
            using (writer.Block("while (low < high)"))
            {
                writer.Line("int middle = (low + high) >> 1;");
                writer.Line("int order = 0;");
                using (writer.Block($"for (int j = 0; j < {table.Length} && order == 0; j++)"))
                {
                    writer.Line($"order = {grams}[(middle * {table.Length}) + j].CompareTo(items[start + (j * gap)]);");
                }

                writer.Line("found = order == 0 ? middle : found;");
                writer.Line("low = order < 0 ? middle + 1 : low;");
                writer.Line("high = order < 0 ? high : middle;");
            }

            using (writer.Block("if (found >= 0)"))
            {
                writer.Line($"counts[{columns}[found]] += 1f;");
            }
        }
    }
}
