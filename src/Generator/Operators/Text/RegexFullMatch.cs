using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Text;

/// <summary>RegexFullMatch: true where a regular expression describes the whole string.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__RegexFullMatch.html · Types: string · Opsets: 20 introduced it. The specification asks for
/// the syntax of RE2; patterns are matched by .NET's engine without backtracking where it can, which covers what both know.
/// </remarks>
internal sealed class RegexFullMatch : Operator
{
    /// <summary>Matching that takes longer is given up: a pattern from a model must not stop a program.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(1);

    public RegexFullMatch()
        : base("RegexFullMatch")
    {
    }

    public override int Since => 20;

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String);
        try
        {
            _ = new Regex(Pattern(context.Node), RegexOptions.CultureInvariant, _timeout);
        }
        catch (ArgumentException e)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"the pattern is not valid: {e.Message}");
        }

        context.SetOutput(0, ElementType.Bool, context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        var regex = new Regex(Pattern(node), RegexOptions.CultureInvariant, _timeout);
        return new[] { Tensor.Create(ElementType.Bool, node.Output.Shape, inputs[0]!.ToStrings().Select(text => regex.IsMatch(text) ? (byte)1 : (byte)0).ToArray()) };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        string pattern = Literal.Of(Pattern(node));
        context.Add(new TextStep(
            node, new[] { context.ReadPlain(node.Required(0)) }, context.Allocate(node.Output), "whole strings that match", x => $"{StepWriter.Strings}.Matches({x[0]}, {pattern})"));
    }

    private static string Pattern(Node node) => $@"\A(?:{node.Attributes.String("pattern", string.Empty)})\z";
}
