using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>ReverseSequence: reverses the first elements of each sequence of a batch, as many as its length says. Lengths are checked.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReverseSequence.html · Types: all; lengths i64.</remarks>
internal sealed class ReverseSequence : Operator
{
    public ReverseSequence()
        : base("ReverseSequence")
    {
    }

    public override int Since => 10;

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        (int time, int batch) = Axes(context.Node);
        Shape shape = context.Shape(0);
        context.RequireType(1, ElementType.Int64);
        if (shape.Rank < 2 || time is not (0 or 1) || batch is not (0 or 1) || time == batch || !context.Shape(1).Equals(new Shape(shape[batch])))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "time_axis and batch_axis must be 0 and 1, and there must be one length for each sequence");
        }

        if (context.Input(1).Constant?.ToInt64Array().Any(l => l < 0 || l > shape[time]) == true)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"a length is outside [0, {shape[time]}]");
        }

        context.SetOutput(0, context.Type(0), shape);
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        (int time, int batch) = Axes(node);
        Shape shape = node.Output.Shape;
        long[] strides = shape.RowMajorStrides();
        long[] lengths = inputs[1]!.ToInt64Array();
        if (lengths.Any(l => l < 0 || l > shape[time]))
        {
            throw new ModelException(DiagnosticCodes.ShapeMismatch, $"A sequence length is outside [0, {shape[time]}]. Check the model with its exporter.");
        }

        return new[]
        {
            ElementMovement.Pick(inputs[0]!, shape, i =>
            {
                long t = i / strides[time] % shape[time];
                long length = lengths[i / strides[batch] % shape[batch]];
                return t < length ? i + ((length - 1 - t - t) * strides[time]) : i;
            }),
        };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        (int time, int batch) = Axes(node);
        context.Add(new ReverseSequenceStep(
            node,
            context.ReadPlain(node.Required(0)),
            context.ReadDense(node.Required(1)),
            context.Allocate(node.Output),
            time,
            batch));
    }

    private static (int Time, int Batch) Axes(Node node) => ((int)node.Attributes.Int("time_axis", 0), (int)node.Attributes.Int("batch_axis", 1));
}
