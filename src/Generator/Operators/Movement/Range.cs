using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Range: start, start + delta, … below limit. Folded where its inputs are constant.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Range.html · Types: f32, f64, i16, i32, i64.</remarks>
internal sealed class Range : Operator, ITakesData
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

    /// <summary>A start or step of the run is applied to the numbers from 0 on, which are a constant.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        (Value start, Value delta) = (node.Required(0), node.Required(2));
        if (start.IsConstant && delta.IsConstant)
        {
            return false;
        }

        ElementType type = node.Output.Type;
        Value count = rewriter.SizeValue(node.Output.Shape.Extent(0), type, $"{node.Name}.count");
        Value numbers = rewriter.Insert("Range", node.Name, new[] { Number(rewriter, type, 0), count, Number(rewriter, type, 1) });
        rewriter.ReplaceNode(node, rewriter.Insert("Add", node.Name, new[] { rewriter.Insert("Mul", node.Name, new[] { numbers, delta }), start }));
        return true;
    }

    /// <summary>A range of data, or one that is longest where its bounds are not greatest: its length is a count of its own.</summary>
    public bool TryCompose(Node node, Composer compose)
    {
        Value? range = RangeOfData.TryWrite(compose, node.Required(0), node.Required(1), node.Required(2));
        if (range is not null)
        {
            compose.Return(range);
        }

        return range is not null;
    }

    private static Value Number(GraphRewriter rewriter, ElementType type, double value)
    {
        var bytes = new byte[type.Size()];
        ElementEvaluation.Write(bytes, type, 0, value);
        return rewriter.Constant(Tensor.FromBytes(type, Shape.Scalar, bytes, "Range"), "number");
    }

    /// <summary>Only a length that is known at run time comes here: the longest range is a constant of which a run reads the beginning.</summary>
    public override void Lower(Node node, LoweringContext context)
    {
        (Tensor start, Tensor delta) = (node.Required(0).Constant!, node.Required(2).Constant!);
        Shape shape = node.Output.Shape.AtMaximum;
        Tensor longest = Tensor.Lazy(node.Output.Type, shape, $"Range({start.Recipe}, {delta.Recipe})", () => Values(node.Output.Type, (int)shape.ElementCount, start, delta));
        TensorView view = context.Progression(longest, start, delta, node.Output.Name);
        context.Alias(node.Output, view.With(Layout.Dense(node.Output.Shape)));
    }
}
