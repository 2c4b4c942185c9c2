using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Text;

/// <summary>StringSplit: each string's parts between delimiters, filled up with empty strings, and their numbers.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__StringSplit.html · Types: string · Opsets: 20 introduced it. The number of parts decides
/// the shape, so the strings must be known when the model is compiled.
/// </remarks>
internal sealed class StringSplit : Operator
{
    private static readonly char[] _whitespace = { ' ', '\t', '\n', '\v', '\f', '\r' };

    public StringSplit()
        : base("StringSplit")
    {
    }

    public override int Since => 20;

    public override (int Min, int Max) InputCount => (1, 1);

    public override (int Min, int Max) OutputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String);
        Shape shape = context.Shape(0);
        int longest = shape.ElementCount == 0 ? 0 : Parts(context.Node, context.RequireConstant(0, "X")).Select(static p => p.Length).Max();
        context.SetOutput(0, ElementType.String, context.MakeShape(shape.Dimensions.Append(longest).Select(static d => (long)d)));
        context.SetOutput(1, ElementType.Int64, shape);
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        string[][] parts = Parts(node, inputs[0]!);
        int longest = node.Output.Shape[node.Output.Shape.Rank - 1];
        string[] texts = parts.SelectMany(p => p.Concat(Enumerable.Repeat(string.Empty, longest - p.Length))).ToArray();
        long[] counts = parts.Select(static p => (long)p.Length).ToArray();
        return new[] { Tensor.OfStrings(node.Output.Shape, texts), Tensor.Create(ElementType.Int64, inputs[0]!.Shape, counts) };
    }

    public override void Lower(Node node, LoweringContext context) => throw new InvalidOperationException($"{node} is constant");

    private static string[][] Parts(Node node, Tensor strings)
    {
        string delimiter = node.Attributes.String("delimiter", string.Empty);
        int limit = node.Attributes.Has("maxsplit") ? (int)Math.Min(int.MaxValue - 1, Math.Max(0, node.Attributes.Int("maxsplit", 0))) + 1 : int.MaxValue;
        return strings.ToStrings().Select(text => delimiter.Length == 0 ? SplitAtSpace(text, limit)
            : text.Length == 0 ? Array.Empty<string>()
            : text.Split(new[] { delimiter }, limit, StringSplitOptions.None)).ToArray();
    }

    /// <summary>Runs of white space count as one delimiter; those at the ends do not count.</summary>
    private static string[] SplitAtSpace(string text, int limit)
    {
        var parts = new List<string>();
        string rest = text.Trim(_whitespace);
        while (rest.Length > 0)
        {
            int end = parts.Count + 1 == limit ? -1 : rest.IndexOfAny(_whitespace);
            parts.Add(end < 0 ? rest : rest.Substring(0, end));
            rest = end < 0 ? string.Empty : rest.Substring(end).TrimStart(_whitespace);
        }

        return parts.ToArray();
    }
}
