using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Text;

namespace AotCompiler.Operators.Microsoft;

/// <summary>Tokenizer: the words of each string, in a new last dimension that is as long as the longest list.</summary>
/// <remarks>
/// Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#commicrosofttokenizer · Types: string. How many words
/// there are is known at run time only; the operator that counts them (<see cref="TfIdfVectorizer"/>) takes the tokenizer over, so that
/// the list is never laid out. Where something else reads it, the strings must be known when the model is compiled.
/// </remarks>
internal sealed class Tokenizer : Operator
{
    /// <summary>Length of the last dimension until the reader takes over; it means nothing.</summary>
    private const int Unknown = 1 << 10;

    public Tokenizer()
        : base("Tokenizer", "com.microsoft")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String);
        TokenRule rule = TokenRule.Of(context.Node);
        if (rule.Problem() is { } problem)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, problem);
        }

        int words = context.Input(0).Constant is { } constant ? constant.ToStrings().Select(text => rule.Split(text).Count).DefaultIfEmpty(0).Max() : Unknown;
        context.SetOutput(0, ElementType.String, context.MakeShape(context.Shape(0).Dimensions.Append(words).Select(static d => (long)d)));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        TokenRule rule = TokenRule.Of(node);
        int words = node.Output.Shape[node.Output.Shape.Rank - 1];
        string pad = node.Attributes.String("pad_value", string.Empty);
        string[] texts = inputs[0]!.ToStrings()
            .SelectMany(text => rule.Split(text).Concat(Enumerable.Repeat(pad, words)).Take(words))
            .ToArray();
        return new[] { Tensor.OfStrings(node.Output.Shape, texts) };
    }

    public override void Lower(Node node, LoweringContext context) => throw LoweringContext.Fail(
        node,
        DiagnosticCodes.ShapeNotConstant,
        "the number of words is only known at run time, and something other than TfIdfVectorizer reads them",
        "Split the text before it is given to the model.");
}
