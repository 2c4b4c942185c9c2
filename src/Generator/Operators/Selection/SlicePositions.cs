using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Movement;

namespace AotCompiler.Operators.Selection;

/// <summary>The positions that a slice with a start, end and step takes from an axis: what makes Slice a Gather where these are data.</summary>
/// <remarks>
/// Not of the standard. Inputs: start, end and step as Slice has them, and the length of the axis, i64 scalars. Attribute <c>count</c>: how many
/// positions there are if that is the same in every run, which a run checks; else their number is a count of the node.
/// </remarks>
internal sealed class SlicePositions : Operator
{
    public SlicePositions()
        : base(nameof(SlicePositions), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (4, 4);

    public override bool FindsCounts => true;

    /// <summary>The cells of an axis that a slice takes, as data say.</summary>
    /// <param name="compose">Adds the nodes.</param>
    /// <param name="value">What is sliced.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="start">First cell, one i64; negative counts from the end.</param>
    /// <param name="end">One i64: the cell behind the last.</param>
    /// <param name="step">Distance, one i64.</param>
    public static Value Slice(Composer compose, Value value, int axis, Value start, Value end, Value step)
    {
        if (value.Shape[axis] == 0)
        {
            // Of an empty axis all slices are alike.
            return compose.Op("Identity", value);
        }

        long? count = step.Constant is { } known && known.ToInt64Array()[0] == 1 ? ScalarSource.Difference(start, end) : null;
        IEnumerable<(string, object)> attributes = count > 0 ? new[] { ("count", (object)count.Value) } : Enumerable.Empty<(string, object)>();
        Operator definition = OperatorRegistry.Get(nameof(SlicePositions), InternalDomain);
        Value positions = compose.Op(definition, new Value?[] { start, end, step, compose.Length(value, axis) }, attributes.ToArray());
        return compose.Gather(value, positions, axis);
    }

    public override void Infer(InferContext context)
    {
        long length = context.RequireConstant(3, "length").ToInt64Array()[0];
        long count = context.Attributes.Int("count", -1);
        if (count > length)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"{count} cells are taken from an axis of {length}");
        }

        if (count < 0 && Enumerable.Range(0, 3).All(i => context.Input(i).Sizes is null) && context.Known(0) is { } start && context.Known(1) is { } end && context.Known(2) is { } step)
        {
            count = AxisSlice.Resolve(0, checked((int)length), Number(start), Number(end), Number(step)).Count;
        }

        long distance = context.Input(2).Constant is { } known ? System.Math.Max(1, System.Math.Min(length, System.Math.Abs(System.Math.Max(-int.MaxValue, Number(known))))) : 1;
        context.SetOutput(0, ElementType.Int64, context.MakeShape(new[] { count >= 0 ? count : context.ComputedSize(0, (length + distance - 1) / distance) }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        AxisSlice slice = AxisSlice.Resolve(0, checked((int)Number(inputs[3]!)), Number(inputs[0]!), Number(inputs[1]!), Number(inputs[2]!));
        return new[] { Tensor.Vector(Enumerable.Range(0, slice.Count).Select(i => slice.Start + ((long)i * slice.Step)).ToArray()) };
    }

    public override void Lower(Node node, LoweringContext context) => context.Add(new SlicePositionsStep(
        node, Enumerable.Range(0, 3).Select(i => context.ReadDense(node.Required(i))).ToArray(), Length(node, context), context.Allocate(node.Output)));

    private static Size Length(Node node, LoweringContext context) => SizeTracing.Trace(node, context.Graph, () => new[] { Number(node.Required(3).Constant!) })[0];

    private static long Number(Tensor tensor) => tensor.ToInt64Array()[0];
}
