using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Text;

/// <summary>StringNormalizer: strings in lower or upper case, without those of a list.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__StringNormalizer.html · Types: string · Opsets: 10 introduced it. Letters change case by
/// the rules that are the same everywhere, whatever the locale. How many of several strings a list of stop words leaves may depend on the run.
/// </remarks>
internal sealed class StringNormalizer : Operator, IStructuralOperator
{
    public StringNormalizer()
        : base("StringNormalizer")
    {
    }

    public override int Since => 10;

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>Where stop words leave a number of strings that only the run knows, the operator is an expression of others.</summary>
    public bool IsStructural(NodeForm node) =>
        node.Inputs.Count == 1 && node.Inputs[0] is TensorValue { Value: { IsConstant: false, Type: ElementType.String, Shape: { IsDynamic: false, Rank: 1 or 2, ElementCount: > 1 } shape } }
        && (shape.Rank == 1 || shape[0] == 1) && node.Attributes.Strings("stopwords") is { Length: > 0 };

    public void Import(StructureContext context)
    {
        bool sensitive = context.Attributes.Flag("is_case_sensitive", false);
        string[] stop = context.Attributes.Strings("stopwords")!.Select(word => sensitive ? word : Change(word, "UPPER")).ToArray();
        Value list = context.Insert("Reshape", new[] { context.Tensor(0), context.Constant(Tensor.Vector(-1), "list") });
        Value compared = sensitive ? list : Changed(context, list, "UPPER");
        Value first = context.Constant(Tensor.Vector(0), "first");
        Value second = context.Constant(Tensor.Vector(1), "second");
        Value isStop = context.Insert("Equal", new[] { context.Insert("Unsqueeze", new[] { compared, second }), context.Constant(Tensor.OfStrings(new Shape(1, stop.Length), stop), "stopwords") });
        Value stays = context.Insert("Not", new[] { Any(context, isStop, second, keep: false) });

        // If nothing stays, one empty string does.
        Value nothing = context.Insert("Not", new[] { Any(context, stays, first, keep: true) });
        Value empty = context.Constant(Tensor.OfStrings(new Shape(1), new[] { string.Empty }), "empty");
        Value texts = context.Insert("Concat", new[] { Changed(context, list, context.Attributes.String("case_change_action", "NONE")), empty }, ("axis", 0L));
        Value positions = context.Insert("NonZero", new[] { context.Insert("Concat", new[] { stays, nothing }, ("axis", 0L)) });
        Value kept = context.Insert("Gather", new[] { texts, context.Insert("Squeeze", new[] { positions, first }) });
        context.SetOutput(0, new TensorValue(context.Tensor(0).Shape.Rank == 1 ? kept : context.Insert("Unsqueeze", new[] { kept, first })));
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String);
        Shape shape = context.Shape(0);
        if (shape.Rank is not (1 or 2) || (shape.Rank == 2 && shape[0] != 1))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the strings must be a list, or one row");
        }

        if (Action(context.Node) is not ("NONE" or "LOWER" or "UPPER"))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"case_change_action is '{Action(context.Node)}'; defined are NONE, LOWER, UPPER");
        }

        // One string stays one: where it is a stop word, the result is one empty string.
        int count = StopWords(context.Node).Length == 0 || shape.ElementCount == 1 ? (int)shape.ElementCount : Kept(context.Node, context.RequireConstant(0, "X")).Length;
        context.SetOutput(0, ElementType.String, shape.Rank == 1 ? new Shape(count) : new Shape(1, count));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        new[] { Tensor.OfStrings(node.Output.Shape, Kept(node, inputs[0]!)) };

    public override void Lower(Node node, LoweringContext context)
    {
        string[] stop = StopWords(node);
        bool sensitive = node.Attributes.Flag("is_case_sensitive", false);
        string words = $"new string[] {{ {string.Join(", ", stop.Select(Literal.Of))} }}";
        string method = Action(node) switch { "LOWER" => ".ToLowerInvariant()", "UPPER" => ".ToUpperInvariant()", _ => string.Empty };
        context.Add(new TextStep(
            node, new[] { context.ReadPlain(node.Required(0)) }, context.Allocate(node.Output), $"case change {Action(node)}", x => stop.Length == 0 ? $"{x[0]}{method}" : $"({StepWriter.Strings}.IsAmong({x[0]}, words, {(sensitive ? "true" : "false")}) ? string.Empty : {x[0]}{method})")
        {
            Declaration = stop.Length == 0 ? null : $"string[] words = {words};",
        });
    }

    private static Value Changed(StructureContext context, Value strings, string action) => context.Insert("StringNormalizer", new[] { strings }, ("case_change_action", action));

    /// <summary>True where any of the truth values along an axis is.</summary>
    private static Value Any(StructureContext context, Value values, Value axis, bool keep)
    {
        Value numbers = context.Insert("Cast", new[] { values }, ("to", (long)ElementType.Int32));
        Value most = context.Insert("ReduceMax", new[] { numbers, axis }, ("keepdims", keep ? 1L : 0L));
        return context.Insert("Cast", new[] { most }, ("to", (long)ElementType.Bool));
    }

    /// <summary>What is left; one empty string if that is nothing.</summary>
    private static string[] Kept(Node node, Tensor strings)
    {
        StringComparer comparer = node.Attributes.Flag("is_case_sensitive", false) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var stop = new HashSet<string>(StopWords(node), comparer);
        string[] kept = strings.ToStrings().Where(text => !stop.Contains(text)).Select(text => Change(text, Action(node))).ToArray();
        return kept.Length == 0 && stop.Count > 0 ? new[] { string.Empty } : kept;
    }

    private static string Change(string text, string action) => action switch
    {
        "LOWER" => text.ToLower(CultureInfo.InvariantCulture),
        "UPPER" => text.ToUpper(CultureInfo.InvariantCulture),
        _ => text,
    };

    private static string[] StopWords(Node node) => node.Attributes.Strings("stopwords") ?? Array.Empty<string>();

    private static string Action(Node node) => node.Attributes.String("case_change_action", "NONE");
}
