using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Elementwise;

/// <summary>BitCast: the bits of the elements taken as another type of the same width; costs nothing but for signed integers narrower than a byte.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__BitCast.html · Types: all but strings · Opsets: 26 introduced it.</remarks>
internal sealed class BitCast : Operator
{
    public BitCast()
        : base("BitCast")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override int Since => 26;

    public override bool ConvertsTypes => true;

    public override bool ReadsBits => true;

    public override void Infer(InferContext context)
    {
        ElementType from = context.Type(0);
        var to = (ElementType)(int)Math.Max(0, Math.Min(int.MaxValue, context.Attributes.Int("to", 0)));
        context.RequireType(0, TypeSets.Stored);
        if (!TypeSets.Stored.Contains(to))
        {
            throw context.Fail(DiagnosticCodes.TypeUnsupported, $"the target type {to.ShortName()} is not supported", "Convert the model to a supported type.");
        }

        if (from.Size() != to.Size() || from.PackedBits() != to.PackedBits())
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"{from.ShortName()} and the target type {to.ShortName()} have different widths");
        }

        context.SetOutput(0, to, context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor source = inputs[0]!;
        ElementType to = node.Output.Type;
        byte[] bytes = source.Bytes.ToArray();
        if (!SharesBytes(source.Type, to))
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = ExtendLowBits(bytes[i], to);
            }
        }

        return new[] { Tensor.FromBytes(to, source.Shape, bytes, source.Recipe) };
    }

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        bool same = node.Output.Type == node.Required(0).Type;
        if (same)
        {
            rewriter.ReplaceNode(node, node.Required(0));
        }

        return same;
    }

    public override void Lower(Node node, LoweringContext context)
    {
        Value source = node.Required(0);
        ElementType to = node.Output.Type;
        if (SharesBytes(source.Type, to))
        {
            context.Alias(node.Output, context.ReadPlain(source) with { Type = to });
            return;
        }

        ElementProgram program = ElementProgram.Single(LowBits(source.Type, to), new[] { source.Type });
        ElementwiseOperands.Lower(node, program, new[] { source }, context);
    }

    /// <summary>True if the types' elements are the same bytes in memory: signed narrow integers carry copies of their sign.</summary>
    private static bool SharesBytes(ElementType from, ElementType to) =>
        from == to || from.PackedBits() == 0 || !(from is ElementType.Int4 or ElementType.Int2 || to is ElementType.Int4 or ElementType.Int2);

    private static byte ExtendLowBits(byte value, ElementType type)
    {
        int unused = 8 - type.PackedBits();
        return type is ElementType.Int4 or ElementType.Int2
            ? unchecked((byte)((sbyte)(value << unused) >> unused))
            : (byte)(value & (255 >> unused));
    }

    private static ElementFunction LowBits(ElementType from, ElementType to) => new DelegateFunction($"BitCast({from.ShortName()}→{to.ShortName()})", 1, $"bits of {{0}} as {to.ShortName()}")
    {
        Other = (_, x) =>
        {
            string bits = from == ElementType.Float4E2M1 ? $"{x[0]}.Bits" : x[0];
            return to == ElementType.Float4E2M1 ? $"new {to.CSharpName()}((byte)({bits} & 15))" : CastFunction.EmitLowBits(to, bits);
        },
        Result = to,
    };
}
