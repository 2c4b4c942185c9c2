using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Range: start, start + delta, … below limit. Folded where its inputs are constant.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Range.html · Types: f32, f64, i16, i32, i64.</remarks>
internal sealed class Range : Operator
{
    public Range()
        : base("Range")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (3, 3);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32, ElementType.Float64, ElementType.Float16, ElementType.BFloat16, ElementType.Int16, ElementType.Int32, ElementType.Int64);
        double[] values = new double[3];
        for (int i = 0; i < 3; i++)
        {
            context.RequireSameType(0, i);
            Tensor constant = context.RequireConstant(i, i == 0 ? "start" : i == 1 ? "limit" : "delta");
            if (constant.Shape.ElementCount != 1)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {i} must be a scalar");
            }

            values[i] = ElementEvaluation.Read(constant, 0);
        }

        double count = Math.Ceiling((values[1] - values[0]) / values[2]);
        if (values[2] == 0 || double.IsNaN(count))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "delta is 0 or an input is not a number");
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(new[] { (long)Math.Min(1L << 40, Math.Max(0, count)) }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        ElementType type = node.Output.Type;
        return new[] { Tensor.FromBytes(type, node.Output.Shape, Values(type, (int)node.Output.Shape.ElementCount, inputs[0]!, inputs[2]!), "Range") };
    }

    private static byte[] Values(ElementType type, int count, Tensor start, Tensor delta)
    {
        var bytes = new byte[checked(count * type.Size())];
        for (int i = 0; i < count; i++)
        {
            if (type.IsInteger())
            {
                ElementEvaluation.WriteInteger(bytes, type, i, unchecked(ElementEvaluation.ReadInteger(start, 0) + (i * ElementEvaluation.ReadInteger(delta, 0))));
            }
            else
            {
                ElementEvaluation.Write(bytes, type, i, ElementEvaluation.Read(start, 0) + (i * ElementEvaluation.Read(delta, 0)));
            }
        }

        return bytes;
    }

    /// <summary>Only a length that is known at run time comes here: the longest range is a constant of which a run reads the beginning.</summary>
    public override void Lower(Node node, LoweringContext context)
    {
        if (node.Required(0).Constant is not { } start || node.Required(2).Constant is not { } delta)
        {
            throw LoweringContext.Fail(node, DiagnosticCodes.ShapeNotConstant, "start or delta is known only at run time", "Export the model with a range that starts at a constant.");
        }

        Shape shape = node.Output.Shape.AtMaximum;
        Tensor longest = Tensor.Lazy(node.Output.Type, shape, $"Range({start.Recipe}, {delta.Recipe})", () => Values(node.Output.Type, (int)shape.ElementCount, start, delta));
        TensorView view = context.Weight(longest, node.Output.Name);
        context.Alias(node.Output, view.With(Layout.Dense(node.Output.Shape)));
    }
}
