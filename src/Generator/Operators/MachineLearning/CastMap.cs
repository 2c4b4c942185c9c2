using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>
/// CastMap: the values of a map from integers as a vector. SPARSE: position k for key k, 0 for keys that it has not; the compiled model
/// takes the map as that vector. DENSE: the values that the map has, in the order of their keys, which is how the model takes them; how
/// many there are is a free dimension of the input.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_CastMap.html · Types: values f32 to f32, i64 · Opsets: 1.</remarks>
internal sealed class CastMap : MlOperator, IMapReader
{
    private const long MaxKeys = 1 << 24;

    public CastMap()
        : base("CastMap")
    {
    }

    public IReadOnlyList<string>? KeysOf(AttributeMap attributes) =>
        attributes.String("map_form", "DENSE") == "SPARSE" && attributes.Int("max_map", 1) is > 0 and <= MaxKeys and { } count
            ? Enumerable.Range(0, (int)count).Select(static k => k.ToString(CultureInfo.InvariantCulture)).ToArray()
            : null;

    public bool TakesAnyKeys(AttributeMap attributes) => attributes.String("map_form", "DENSE") == "DENSE";

    public override void Infer(InferContext context)
    {
        int? keys = TakesAnyKeys(context.Attributes) ? (int)context.Shape(0).ElementCount : KeysOf(context.Attributes)?.Count;
        if (keys is null)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"the map_form is neither DENSE nor SPARSE, or max_map is not one of 1 to {MaxKeys}");
        }

        string target = Target(context.Node);
        if (target is not ("TO_FLOAT" or "TO_INT64") || context.Type(0) != ElementType.Float32)
        {
            throw context.Fail(DiagnosticCodes.TypeUnsupported, $"it casts {context.Type(0).ShortName()} {target}; supported are f32 TO_FLOAT and TO_INT64");
        }

        context.SetOutput(0, target == "TO_FLOAT" ? ElementType.Float32 : ElementType.Int64, new Shape(1, keys.Value));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => TakesAnyKeys(node.Attributes);

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Op("Identity", compose.Reshape(compose.Cast(node.Required(0), node.Output.Type), node.Output.Shape)));

    private static string Target(Node node) => node.Attributes.String("cast_to", "TO_FLOAT");
}
