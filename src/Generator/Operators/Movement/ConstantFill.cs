using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>A single element as a view of any shape, for fills by copying.</summary>
internal static class ConstantFill
{
    /// <summary>A constant repeated over a shape.</summary>
    public static TensorView View(double value, ElementType type, Shape shape, LoweringContext context)
    {
        var bytes = new byte[type.Size()];
        ElementEvaluation.Write(bytes, type, 0, value);
        return Repeat(context.Weight(Tensor.FromBytes(type, Shape.Scalar, bytes, $"{value}"), $"constant {value}"), shape);
    }

    /// <summary>The only element of a view, repeated over a shape.</summary>
    public static TensorView Repeat(TensorView single, Shape shape) => single.With(single.Layout.TryReshape(Shape.Scalar)!.BroadcastTo(shape));
}
