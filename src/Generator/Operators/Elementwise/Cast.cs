using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Text;

namespace AotCompiler.Operators.Elementwise;

/// <summary>
/// Cast: converts the element type. Floats become integers towards zero, saturated at the ends of 32- and 64-bit types
/// (narrower ones take the low bits of the 32-bit result), NaN becomes 0; integers keep their low bits; bool is "not zero";
/// floats are rounded to the nearest, ties to even.
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Cast.html · Types: all numbers and bool, to strings (<see cref="NumberToText"/>) and from them (<see cref="TextToNumber"/>) · Opsets: 6 made <c>to</c> a number; 9 added
/// strings; 13 bfloat16; 19 float8 and <c>saturate</c>, which only concerns it; 21 4-bit integers; 23 float4; 24 float8e8m0 and
/// <c>round_mode</c>, which only concerns it; 25 2-bit integers.
/// </remarks>
internal sealed class Cast : UnaryOperator, IStructuralOperator
{
    private static readonly Dictionary<string, ElementType> _names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["FLOAT"] = ElementType.Float32,
        ["DOUBLE"] = ElementType.Float64,
        ["FLOAT16"] = ElementType.Float16,
        ["BOOL"] = ElementType.Bool,
        ["INT8"] = ElementType.Int8,
        ["INT16"] = ElementType.Int16,
        ["INT32"] = ElementType.Int32,
        ["INT64"] = ElementType.Int64,
        ["UINT8"] = ElementType.UInt8,
        ["UINT16"] = ElementType.UInt16,
        ["UINT32"] = ElementType.UInt32,
        ["UINT64"] = ElementType.UInt64,
    };

    public Cast()
        : base("Cast")
    {
    }

    public override bool ConvertsTypes => true;

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Stored;

    public bool IsStructural(NodeForm node) =>
        node.Attributes.Has("to") && node.Attributes.Raw("to") is long to && IsOfText(node.Inputs, (ElementType)to);

    public void Import(StructureContext context) => ImportText(context, Target(context.Attributes));

    /// <summary>True if one of the two types is that of strings, not both.</summary>
    internal static bool IsOfText(IReadOnlyList<ModelValue?> inputs, ElementType to) => NumberToText.Applies(inputs, to) || TextToNumber.Applies(inputs, to);

    /// <summary>Converts input 0 to strings, or from them.</summary>
    internal static void ImportText(StructureContext context, ElementType to)
    {
        if (to == ElementType.String)
        {
            NumberToText.Import(context);
            return;
        }

        TextToNumber.Import(context, to);
    }

    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        if (!context.Attributes.Has("to"))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "attribute 'to' is missing", "Check the model with its exporter.");
        }

        if (context.Opset < 6 && context.Attributes.Raw("to") is string name)
        {
            context.Attributes.Set("to", _names.TryGetValue(name, out ElementType type)
                ? (object)(long)type
                : throw context.Fail(DiagnosticCodes.TypeUnsupported, $"the target type '{name}' is not supported", "Convert the model to a supported type."));
        }
    }

    public override ElementFunction Function(Node node) => CastFunction.Get(node.Required(0).Type, Target(node), CastRounding.Of(node.Attributes));

    /// <summary>Removes a conversion to the same type.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter) => TryReplaceByInput(node, 0, rewriter);

    protected override void CheckInputs(InferContext context) => CheckTarget(context, Target(context.Node));

    /// <summary>Fails unless the type can be converted to.</summary>
    internal static void CheckTarget(InferContext context, ElementType type)
    {
        if (!TypeSets.Stored.Contains(type))
        {
            throw context.Fail(DiagnosticCodes.TypeUnsupported, $"the target type {(Enum.IsDefined(typeof(ElementType), type) ? type.ShortName() : $"number {(int)type}")} is not supported", "Convert the model to a supported type.");
        }

        if (type == ElementType.Float8E8M0 && !CastRounding.IsKnown(context.Attributes))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"the round_mode '{context.Attributes.String("round_mode", string.Empty)}' is none of up, down, nearest");
        }
    }

    private static ElementType Target(Node node) => Target(node.Attributes);

    private static ElementType Target(AttributeMap attributes) => (ElementType)(int)Math.Max(0, Math.Min(int.MaxValue, attributes.Int("to", 0)));
}
