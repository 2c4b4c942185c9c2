using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Overlapping windows of an axis: […, n, …] as […, (n - length) / step + 1, length, …]. A view, in which elements appear several times.</summary>
/// <remarks>Not of the standard. Attributes: <c>axis</c>, <c>length</c> and <c>step</c>, in elements of the axis.</remarks>
internal sealed class SlidingWindows : Operator
{
    public SlidingWindows()
        : base(nameof(SlidingWindows), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>The windows of a value.</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="value">The value.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="length">Elements of a window, at most those of the axis.</param>
    /// <param name="step">Elements from one window to the next, at least 1.</param>
    public static Value Of(Composer compose, Value value, int axis, long length, long step) =>
        compose.Op(OperatorRegistry.Get(nameof(SlidingWindows), InternalDomain), new[] { value }, ("axis", (long)axis), ("length", length), ("step", step));

    public override void Infer(InferContext context)
    {
        Shape shape = context.Shape(0);
        (int axis, int length, int step) = Window(context.Node);
        if (axis >= shape.Rank || length < 1 || step < 1 || length > shape[axis])
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"windows of {length} elements, {step} apart, do not fit axis {axis}");
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(shape.Dimensions.Take(axis)
            .Concat(new[] { ((shape[axis] - length) / step) + 1, length })
            .Concat(shape.Dimensions.Skip(axis + 1)).Select(static d => (long)d)));
    }

    public override IEnumerable<Size> LikelySizes(Node node)
    {
        (int axis, int length, int step) = Window(node);
        return new[] { Count(node.Required(0).Shape.Extent(axis), length, step).Expression };
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        (int axis, int _, int step) = Window(node);
        long[] strides = inputs[0]!.Shape.RowMajorStrides();
        return new[] { ElementMovement.Strided(inputs[0]!, node.Output.Shape, strides.Take(axis).Append(strides[axis] * step).Concat(strides.Skip(axis)).ToArray()) };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        (int axis, int length, int step) = Window(node);
        TensorView source = context.ReadPlain(node.Required(0));
        context.Alias(node.Output, source.With(source.Layout.Windows(axis, Count(source.Shape.Extent(axis), length, step), step, length)));
    }

    private static Extent Count(Extent whole, int length, int step) => Extent.Of((whole.Expression - Size.Of(length)).FloorDivide(step) + Size.Of(1));

    private static (int Axis, int Length, int Step) Window(Node node) =>
        ((int)node.Attributes.Int("axis", 0), (int)node.Attributes.Int("length", 0), (int)node.Attributes.Int("step", 0));
}
