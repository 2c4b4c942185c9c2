using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Squeeze: drops dimensions of size 1, all of them or those listed.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Squeeze.html · Types: all · Opsets: 11 allowed negative axes; 13 made the axes an input.</remarks>
internal sealed class Squeeze : ReshapingOperator
{
    public Squeeze()
        : base("Squeeze")
    {
    }

    public override (int Min, int Max) InputCount => (1, 2);

    public override void Upgrade(UpgradeContext context) => context.AttributeToInput("axes", 1);

    protected override Shape ResultShape(InferContext context)
    {
        Shape shape = context.Shape(0);
        if (!context.Has(1))
        {
            return new Shape(shape.Dimensions.Where(static d => d != 1));
        }

        int[] axes = context.Axes(context.RequireInts(1, "axes"), shape.Rank);
        foreach (int axis in axes)
        {
            if (shape[axis] != 1)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"axis {axis} has size {shape[axis]}, only axes of size 1 can be dropped");
            }
        }

        return new Shape(shape.Dimensions.Where((_, i) => !axes.Contains(i)));
    }
}
