using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>
/// DictVectorizer: the values of a map in the order of a vocabulary, 0 for keys that it has not. The vocabulary is known, so the map
/// comes into the compiled model as that vector, and nothing is left to do.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_DictVectorizer.html · Types: values f32, f64, i64, string; keys i64, string · Opsets: 1.</remarks>
internal sealed class DictVectorizer : MlOperator, IMapReader
{
    public DictVectorizer()
        : base("DictVectorizer")
    {
    }

    public IReadOnlyList<string>? KeysOf(AttributeMap attributes) =>
        attributes.Strings("string_vocabulary") is { Length: > 0 } strings ? strings
        : attributes.Ints("int64_vocabulary") is { Length: > 0 } numbers ? numbers.Select(static n => n.ToString(CultureInfo.InvariantCulture)).ToArray()
        : null;

    public bool TakesAnyKeys(AttributeMap attributes) => false;

    public override void Infer(InferContext context)
    {
        IReadOnlyList<string> keys = KeysOf(context.Attributes) ?? throw context.Fail(DiagnosticCodes.GraphMalformed, "it has no vocabulary");
        if (context.Shape(0).ElementCount != keys.Count)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"its vocabulary has {keys.Count} keys, the map {context.Shape(0).ElementCount}");
        }

        context.SetOutput(0, context.Type(0), new Shape(1, keys.Count));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => false;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Op("Identity", compose.Reshape(node.Required(0), 1, node.Output.Shape[1])));
}
