using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>DequantizeLinear: y = (x − zero point) · scale.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html · Types: integers of at most 16 bits, i32, f8, f4 to f32, f16, bf16 ·
/// Opsets: 13 added axes; 19 f8; 21 blocks, 4 and 16 bits; 23 f4 and <c>output_dtype</c>; 25 2 bits.
/// </remarks>
internal sealed class DequantizeLinear : DequantizeOperator
{
    public DequantizeLinear()
        : base(string.Empty)
    {
    }
}

/// <summary>DequantizeLinear of any domain.</summary>
internal abstract class DequantizeOperator : QuantizationOperator
{
    protected DequantizeOperator(string domain)
        : base("DequantizeLinear", domain)
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes { get; } = CodeTypes.Append(ElementType.Int32).ToArray();

    public override ElementFunction Function(Node node) => QuantizationFunctions.Dequantize(
        node.Required(0).Type,
        ResultOf(node),
        Parameter(node, Scale),
        node.Required(0).Type.IsNarrowFloat() ? QuantizationParameter.Absent : Parameter(node, ZeroPoint));

    protected override void CheckInputs(InferContext context)
    {
        if (!ResultOf(context.Node).IsFloat() || ResultOf(context.Node) == ElementType.Float64)
        {
            throw context.Fail(DiagnosticCodes.TypeUnsupported, $"the result would be {ResultOf(context.Node).ShortName()}", "Dequantise to f32, f16 or bf16.");
        }

        CheckParameters(context, context.Type(0));
    }

    protected override IEnumerable<int> OperandIndexes(Node node) =>
        base.OperandIndexes(node).Where(i => i != ZeroPoint || !node.Required(0).Type.IsNarrowFloat());

    private static ElementType ResultOf(Node node)
    {
        long type = node.Attributes.Int("output_dtype", 0);
        ElementType scale = node.Required(Scale).Type;
        return type is > 0 and <= (long)ElementType.Int2 ? (ElementType)(int)type : scale == ElementType.Float8E8M0 ? ElementType.Float32 : scale;
    }
}
