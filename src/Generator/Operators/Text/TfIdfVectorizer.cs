using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Text;

/// <summary>TfIdfVectorizer: counts the n-grams of a pool in each row, with gaps of up to max_skip_count items, weighted or not.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__TfIdfVectorizer.html · Types: string, i32, i64 to f32 · Opsets: 9.</remarks>
internal sealed class TfIdfVectorizer : Operator
{
    public TfIdfVectorizer()
        : base("TfIdfVectorizer")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String, ElementType.Int32, ElementType.Int64);
        AttributeMap attributes = context.Attributes;
        long[] counts = attributes.Ints("ngram_counts") ?? Array.Empty<long>();
        long[] columns = attributes.Ints("ngram_indexes") ?? Array.Empty<long>();
        int items = attributes.Ints("pool_int64s")?.Length ?? attributes.Strings("pool_strings")?.Length ?? 0;
        bool ordered = counts.Zip(counts.Skip(1).Append(items), static (a, b) => a >= 0 && a <= b).All(static ok => ok);
        if (!ordered || columns.Length == 0 || columns.Any(static c => c is < 0 or >= int.MaxValue) || Gram.All(context.Node).Count != columns.Length)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"{items} pool items, {counts.Length} n-gram counts and {columns.Length} n-gram indexes do not fit together");
        }

        if (attributes.Floats("weights") is { } weights && weights.Length != columns.Length)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"it has {weights.Length} weights for {columns.Length} n-grams");
        }

        if ((attributes.Strings("pool_strings") is not null) != (context.Type(0) == ElementType.String) || context.Shape(0).Rank is not (1 or 2)
            || attributes.String("mode", string.Empty) is not ("TF" or "IDF" or "TFIDF"))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"its mode is '{attributes.String("mode", string.Empty)}', its pool of another type than the input, or the input no list of rows");
        }

        context.SetOutput(0, ElementType.Float32, context.MakeShape(context.Shape(0).Dimensions.Take(context.Shape(0).Rank - 1).Select(static d => (long)d).Append(columns.Max() + 1)));
    }

    /// <summary>Takes the tokenizer before it over: words are counted as they are found.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        Value source = node.Required(0);
        while (source.Producer is { Operator: IReshapingOperator } reshape)
        {
            source = reshape.Required(0);
        }

        if (TokenRule.TakenBy(node) is not null || source.Producer is not { Operator.Name: "Tokenizer" } tokenizer)
        {
            return false;
        }

        Shape shape = node.Required(0).Shape;
        int words = tokenizer.Output.Shape[tokenizer.Output.Shape.Rank - 1];
        int strings = shape[shape.Rank - 1] / words;
        if (shape[shape.Rank - 1] % words != 0 || (strings > 1 && Largest(node) > 1))
        {
            return false;
        }

        AttributeMap attributes = node.Attributes.Clone();
        TokenRule.Take(attributes, tokenizer);
        Value rows = rewriter.Reshape(tokenizer.Required(0), new Shape(shape.Dimensions.Take(shape.Rank - 1).Append(strings)), $"{node.Name}.strings");
        rewriter.ReplaceNode(node, rewriter.Insert(this, node.Name, new Value?[] { rows }, attributes.Names.Select(name => (name, attributes.Raw(name)!))));
        return true;
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        int columns = node.Output.Shape[node.Output.Shape.Rank - 1];
        int length = inputs[0]!.Shape[inputs[0]!.Shape.Rank - 1];
        var result = new float[node.Output.Shape.ElementCount];
        for (int row = 0; row < result.Length / columns; row++)
        {
            long[] items = Enumerable.Range(row * length, length).Select(i => ElementEvaluation.ReadInteger(inputs[0]!, i)).ToArray();
            if (TokenRule.TakenBy(node) is { } rule)
            {
                items = items.SelectMany(i => rule.Split(StringPool.TextOf((int)i))).Select(static word => (long)StringPool.HandleOf(word)).ToArray();
            }

            foreach (Gram gram in Gram.All(node).Where(g => g.Items.Count >= Smallest(node) && g.Items.Count <= Largest(node)))
            {
                for (int step = 1; step <= Gaps(node, gram.Items.Count); step++)
                {
                    for (int start = 0; start + ((gram.Items.Count - 1) * step) < items.Length; start++)
                    {
                        bool equal = Enumerable.Range(0, gram.Items.Count).All(j => items[start + (j * step)] == gram.Items[j]);
                        result[(row * columns) + gram.Column] += equal ? 1 : 0;
                    }
                }
            }
        }

        Weigh(node, result, columns);
        return new[] { Tensor.Create(ElementType.Float32, node.Output.Shape, result) };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView input = context.ReadDense(node.Required(0));
        var tables = new List<GramTable>();
        foreach (IGrouping<int, Gram> group in Gram.All(node).GroupBy(static g => g.Items.Count).Where(g => g.Key >= Smallest(node) && g.Key <= Largest(node)))
        {
            tables.Add(Table(node, context, group.Key, group.ToArray(), Gaps(node, group.Key)));
        }

        string mode = node.Attributes.String("mode", "TF");
        TensorView? weights = mode == "TF" ? null : context.Weight(Tensor.Create(ElementType.Float32, new Shape(ColumnWeights(node).Length), ColumnWeights(node)), $"{node.Name}.weights");
        context.Add(new GramCountStep(node, input, tables, weights, context.Allocate(node.Output), counts: mode != "IDF")
        {
            Tokens = TokenRule.TakenBy(node) is { } rule ? new TokenSplit(rule.Expression, rule.Separators, rule.Minimum, rule.Marks) : null,
        });
    }

    private static GramTable Table(Node node, LoweringContext context, int length, Gram[] grams, int gaps)
    {
        bool text = node.Required(0).Type == ElementType.String;
        (long[] Items, int Column)[] sorted = grams
            .Select(g => (Items: g.Items.Select(i => text ? context.PositionOf(StringPool.TextOf((int)i)) : i).ToArray(), g.Column))
            .OrderBy(static g => g.Items, Comparer<long[]>.Create(static (a, b) => a.Zip(b, static (x, y) => x.CompareTo(y)).FirstOrDefault(static c => c != 0)))
            .ToArray();
        ElementType type = text ? ElementType.Int32 : node.Required(0).Type;
        var bytes = new byte[sorted.Length * length * type.Size()];
        for (int i = 0; i < sorted.Length * length; i++)
        {
            ElementEvaluation.WriteInteger(bytes, type, i, sorted[i / length].Items[i % length]);
        }

        return new GramTable(
            length,
            gaps,
            context.Weight(Tensor.FromBytes(type, new Shape(sorted.Length, length), bytes, "grams"), $"{node.Name}.grams{length}"),
            context.Weight(Tensor.Create(ElementType.Int32, new Shape(sorted.Length), sorted.Select(static g => g.Column).ToArray()), $"{node.Name}.columns{length}"));
    }

    /// <summary>Distances between the items of a gram that count: one item has none.</summary>
    private static int Gaps(Node node, int length) => length == 1 ? 1 : 1 + (int)Math.Min(1 << 20, Math.Max(0, node.Attributes.Int("max_skip_count", 0)));

    private static long Smallest(Node node) => node.Attributes.Int("min_gram_length", 1);

    private static long Largest(Node node) => node.Attributes.Int("max_gram_length", 1);

    private static void Weigh(Node node, float[] counts, int columns)
    {
        string mode = node.Attributes.String("mode", "TF");
        float[] weights = ColumnWeights(node);
        for (int i = 0; i < counts.Length && mode != "TF"; i++)
        {
            counts[i] = counts[i] == 0 ? 0 : (mode == "IDF" ? 1 : counts[i]) * weights[i % columns];
        }
    }

    private static float[] ColumnWeights(Node node)
    {
        float[] result = Enumerable.Repeat(1f, node.Output.Shape[node.Output.Shape.Rank - 1]).ToArray();
        if (node.Attributes.Floats("weights") is { } weights)
        {
            long[] columns = node.Attributes.Ints("ngram_indexes")!;
            for (int i = 0; i < weights.Length; i++)
            {
                result[columns[i]] = weights[i];
            }
        }

        return result;
    }

    /// <summary>An entry of the pool.</summary>
    private sealed record Gram(IReadOnlyList<long> Items, int Column)
    {
        public static IReadOnlyList<Gram> All(Node node)
        {
            long[] pool = node.Attributes.Ints("pool_int64s") ?? (node.Attributes.Strings("pool_strings") ?? Array.Empty<string>()).Select(static s => (long)StringPool.HandleOf(s)).ToArray();
            long[] starts = node.Attributes.Ints("ngram_counts") ?? Array.Empty<long>();
            long[] columns = node.Attributes.Ints("ngram_indexes") ?? Array.Empty<long>();
            var grams = new List<Gram>();
            for (int n = 1; n <= starts.Length; n++)
            {
                long end = n < starts.Length ? starts[n] : pool.Length;
                for (long at = starts[n - 1]; at + n <= end && grams.Count < columns.Length; at += n)
                {
                    grams.Add(new Gram(pool.Skip((int)at).Take(n).ToArray(), (int)columns[grams.Count]));
                }
            }

            return grams;
        }
    }
}
