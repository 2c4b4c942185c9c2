using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>
/// Cast: converts the element type. Floats become integers towards zero, saturated at the ends of 32- and 64-bit types
/// (narrower ones take the low bits of the 32-bit result), NaN becomes 0; integers keep their low bits; bool is "not zero".
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Cast.html · Types: f32, f64, f16, integers, bool · Opsets: 6 made <c>to</c> a
/// number; 9 added strings; 13 bfloat16; 19 float8 and <c>saturate</c>, which only concerns it; 24 <c>round_mode</c>, likewise.
/// </remarks>
internal sealed class Cast : UnaryOperator
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

    /// <summary>The types that can be converted from and to.</summary>
    public static IReadOnlyList<ElementType> SupportedTypes { get; } = TypeSets.All.Append(ElementType.Float16).ToArray();

    public Cast()
        : base("Cast")
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => SupportedTypes;

    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        if (context.Opset < 6 && context.Attributes.Raw("to") is string name)
        {
            context.Attributes.Set("to", _names.TryGetValue(name, out ElementType type)
                ? (object)(long)type
                : throw context.Fail(DiagnosticCodes.TypeUnsupported, $"the target type '{name}' is not supported", "Convert the model to a supported type."));
        }
    }

    public override ElementFunction Function(Node node) => CastFunction.Get(node.Required(0).Type, Target(node));

    /// <summary>Removes a conversion to the same type.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter) => TryReplaceByInput(node, 0, rewriter);

    protected override void CheckInputs(InferContext context) => CheckTarget(context, Target(context.Node));

    /// <summary>Fails unless the type can be converted to.</summary>
    internal static void CheckTarget(InferContext context, ElementType type)
    {
        if (!SupportedTypes.Contains(type))
        {
            throw context.Fail(DiagnosticCodes.TypeUnsupported, $"the target type {type.ShortName()} is not supported", "Convert the model to a supported type.");
        }
    }

    private static ElementType Target(Node node) => (ElementType)(int)Math.Max(0, Math.Min(int.MaxValue, node.Attributes.Int("to", 0)));
}

/// <summary>The conversions between element types.</summary>
internal static class CastFunction
{
    /// <summary>The conversion from one type to another.</summary>
    public static DelegateFunction Get(ElementType from, ElementType to)
    {
        // A u64 becomes a float by its value, which its bits as a signed number are not.
        bool exact = !from.IsFloat() && !(from == ElementType.UInt64 && to.IsFloat());
        return new DelegateFunction($"Cast({from.ShortName()}→{to.ShortName()})", 1, $"({to.ShortName()}){{0}}")
        {
            Real = static x => x[0],
            Integer = exact ? static x => x[0] : null,
            Float = from == ElementType.Float32 && to == ElementType.Float32 ? static (_, x) => x[0] : null,
            Other = (_, x) => Emit(from, to, x[0]),
            Result = to,
        };
    }

    private static string Emit(ElementType from, ElementType to, string x)
    {
        string type = $"({to.CSharpName()})";
        if (from == to)
        {
            return x;
        }

        if (to == ElementType.Bool)
        {
            return from == ElementType.Float16 ? $"(float){x} != 0f" : $"{x} != 0";
        }

        // f16 converts to and from f32 only; from a float to 8 and 16 bits the way goes through i32 on every machine.
        return from == ElementType.Bool ? $"({x} ? {type}1 : {type}0)"
            : from == ElementType.Float16 ? $"{type}{Narrowing(to)}(float){x}"
            : to == ElementType.Float16 ? $"{type}{(from == ElementType.Float64 ? string.Empty : "(float)")}{x}"
            : $"{type}{(from.IsFloat() ? Narrowing(to) : string.Empty)}{x}";
    }

    private static string Narrowing(ElementType to) => to.IsInteger() && to.Size() < 4 ? "(int)" : string.Empty;
}
