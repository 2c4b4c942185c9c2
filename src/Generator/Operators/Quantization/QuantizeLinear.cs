using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QuantizeLinear: y = saturate(round(x / scale) + zero point), ties to even; to narrow floats without rounding to whole numbers first.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html · Types: f32, f16, bf16, i32 (scales too) to integers of at most 16 bits, f8, f4 ·
/// Opsets: 13 added axes; 19 f8 and <c>saturate</c>; 21 blocks, 4 and 16 bits, <c>output_dtype</c>; 23 f4 and <c>precision</c>, of
/// which f32 is what is always computed in; 25 2 bits.
/// </remarks>
internal sealed class QuantizeLinear : QuantizeOperator
{
    public QuantizeLinear()
        : base(string.Empty)
    {
    }
}

/// <summary>QuantizeLinear of any domain.</summary>
internal abstract class QuantizeOperator : QuantizationOperator
{
    protected QuantizeOperator(string domain)
        : base("QuantizeLinear", domain)
    {
    }

    public override bool RoundsToCodes => true;

    protected override IReadOnlyList<ElementType> AllowedTypes { get; } =
        new[] { ElementType.Float32, ElementType.Float16, ElementType.BFloat16, ElementType.Int32 };

    public override ElementFunction Function(Node node)
    {
        ElementType codes = CodesOf(node);
        return QuantizationFunctions.Quantize(
            codes,
            Parameter(node, Scale),
            IgnoresZeroPoint(codes) ? QuantizationParameter.Absent : Parameter(node, ZeroPoint),
            node.Attributes.Flag("saturate", true));
    }

    /// <summary>Codes that were just made real numbers with the same scale and zero point are the codes they were.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.Required(0).Producer is not { Operator: DequantizeOperator, Epilogue: null } source
            || source.Required(0).Type != CodesOf(node)
            || !CodesOf(node).IsSmallInteger()
            || node.Epilogue is not null
            || !QuantizationSettings.Same(node, source))
        {
            return false;
        }

        rewriter.ReplaceNode(node, source.Required(0));
        return true;
    }

    protected override void CheckInputs(InferContext context)
    {
        ElementType codes = CodesOf(context.Node);
        if (!CodeTypes.Contains(codes))
        {
            throw context.Fail(DiagnosticCodes.TypeUnsupported, $"the type of the codes is {codes.ShortName()}", "Quantise to a type that the operator defines.");
        }

        CheckParameters(context, codes);
    }

    protected override IEnumerable<int> OperandIndexes(Node node) =>
        base.OperandIndexes(node).Where(i => i != ZeroPoint || !IgnoresZeroPoint(CodesOf(node)));

    private static ElementType CodesOf(Node node) => node.Input(ZeroPoint)?.Type
        ?? (ElementType)(int)(node.Attributes.Int("output_dtype", 0) is > 0 and <= (long)ElementType.Int2 and var type ? type : (long)ElementType.UInt8);
}
