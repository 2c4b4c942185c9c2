using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Reshape: the same elements under another shape; 0 copies a dimension, -1 is what remains.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Reshape.html · Types: all · Opsets: 5 made the shape an input; 14 added allowzero.</remarks>
internal sealed class Reshape : ReshapingOperator, ITakesData
{
    public Reshape()
        : base("Reshape")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Upgrade(UpgradeContext context)
    {
        context.Attributes.Remove("consumed_inputs");
        context.AttributeToInput("shape", 1);
    }

    /// <summary>A target that is data: whether it has as many elements as the input is a matter of the run.</summary>
    public bool TryCompose(Node node, Composer compose)
    {
        Value shape = compose.Context.SizesOf(node.Required(1)) ?? throw new UndecidedSizeException(node, 1, "shape");
        if (shape.Sizes?.Elements is not { } target || shape.Shape.Rank != 1 || !target.Any(static t => t.Variables.Any(static v => v.IsComputed)))
        {
            return false;
        }

        compose.Return(ReshapeToSizes.Write(node, target, compose));
        return true;
    }

    protected override Shape ResultShape(InferContext context)
    {
        long[] wanted = context.RequireInts(1, "shape");
        Shape source = context.Shape(0);
        bool allowZero = context.Attributes.Flag("allowzero", false);
        var result = new long[wanted.Length];
        int open = -1;
        long known = 1;
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == -1)
            {
                if (open >= 0)
                {
                    throw context.Fail(DiagnosticCodes.ShapeMismatch, "the target shape has -1 twice");
                }

                open = i;
                continue;
            }

            if (wanted[i] == 0 && !allowZero && i >= source.Rank)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the target shape copies dimension {i}, which the input does not have");
            }

            result[i] = wanted[i] == 0 && !allowZero ? source[i] : wanted[i];
            known = result[i] < 0 || result[i] > int.MaxValue || known > int.MaxValue ? long.MaxValue : known * result[i];
        }

        if (open >= 0)
        {
            result[open] = known == 0 ? 0 : source.ElementCount / known;
        }

        Shape shape = context.MakeShape(result);
        if (shape.ElementCount != source.ElementCount)
        {
            string text = string.Join(", ", wanted.Select(static d => $"{d}"));
            throw context.Fail(
                DiagnosticCodes.ShapeMismatch,
                $"the target shape [{text}] has {shape.ElementCount} elements, the input {source.ElementCount}",
                "If the shape was exported for another batch size, bind that size with Dimensions (--dim).");
        }

        return shape;
    }
}
