using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Flatten: a matrix whose rows are the dimensions before an axis and whose columns are the rest.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Flatten.html · Types: all · Opsets: 11 allowed negative axes.</remarks>
internal sealed class Flatten : ReshapingOperator
{
    public Flatten()
        : base("Flatten")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    protected override Shape ResultShape(InferContext context)
    {
        Shape shape = context.Shape(0);
        long axis = context.Attributes.Int("axis", 1);
        if (axis < -shape.Rank || axis > shape.Rank)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"axis {axis} is outside [-{shape.Rank}, {shape.Rank}]");
        }

        int split = (int)(axis < 0 ? axis + shape.Rank : axis);
        return context.MakeShape(new[] { shape.Product(0, split), shape.Product(split, shape.Rank) });
    }
}
