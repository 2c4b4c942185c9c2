using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Runtime;

namespace AotCompiler.Operators.Text;

/// <summary>StringSplit: each string's parts between delimiters, filled up with empty strings, and their numbers.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__StringSplit.html · Types: string · Opsets: 20 introduced it. How many parts there are is found
/// at run time. There is room for as many as <c>maxsplit</c> allows; without it for <see cref="Capacity"/>, and a string with more is an error of the run.
/// </remarks>
internal sealed class StringSplit : Operator
{
    /// <summary>Parts of a string that there is room for where the model names no limit.</summary>
    private const int Capacity = 256;

    public StringSplit()
        : base("StringSplit")
    {
    }

    public override int Since => 20;

    public override (int Min, int Max) InputCount => (1, 1);

    public override (int Min, int Max) OutputCount => (2, 2);

    public override bool FindsCounts => true;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String);
        Shape shape = context.Shape(0);
        int longest = context.Known(0) is { } known ? Longest(Parts(context.Node, known))
            : context.ComputedSize(0, Math.Min(Capacity, Limit(context.Node)));
        context.SetOutput(0, ElementType.String, context.MakeShape(shape.Dimensions.Append(longest).Select(static d => (long)d)));
        context.SetOutput(1, ElementType.Int64, shape);
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        string[][] parts = Parts(node, inputs[0]!);
        int longest = Longest(parts);
        string[] texts = parts.SelectMany(p => p.Concat(Enumerable.Repeat(string.Empty, longest - p.Length))).ToArray();
        long[] counts = parts.Select(static p => (long)p.Length).ToArray();
        Shape shape = inputs[0]!.Shape;
        return new[] { Tensor.OfStrings(new Shape(shape.Dimensions.Append(longest)), texts), Tensor.Create(ElementType.Int64, shape, counts) };
    }

    public override void Lower(Node node, LoweringContext context) => context.Add(new SplitTextStep(
        node,
        context.ReadPlain(node.Required(0)),
        context.Allocate(node.Outputs[0]),
        context.Allocate(node.Outputs[1]),
        Delimiter(node),
        Limit(node)));

    private static string Delimiter(Node node) => node.Attributes.String("delimiter", string.Empty);

    private static int Limit(Node node) => node.Attributes.Has("maxsplit")
        ? (int)Math.Min(int.MaxValue - 1, Math.Max(0, node.Attributes.Int("maxsplit", 0))) + 1
        : int.MaxValue;

    private static int Longest(string[][] parts) => parts.Select(static p => p.Length).DefaultIfEmpty(0).Max();

    private static string[][] Parts(Node node, Tensor strings) =>
        strings.ToStrings().Select(text => TextParts.Of(text, Delimiter(node), Limit(node))).ToArray();
}
