using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>
/// Pad that repeats elements of an axis which may be shorter than a border, so that a border repeats them more than once in some runs: the
/// position of the element that each cell of the output repeats is computed in the graph, and a Gather reads there.
/// </summary>
internal static class PadRepeats
{
    /// <summary>True if a border may be longer than what it repeats.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="mode">reflect, edge or wrap.</param>
    public static bool IsNeeded(RunTimePadAxis axis, string mode) =>
        Math.Max(Extent.OfLoop(axis.Before).Maximum, axis.After.Maximum) is > 0 and int border && axis.Count.Expression.LowerBound < PadLowering.Repeated(mode, border);

    /// <summary>Puts one Gather per axis that is padded or cut in the place of the node.</summary>
    public static void Replace(Node node, IReadOnlyList<RunTimePadAxis> axes, string mode, GraphRewriter rewriter)
    {
        Value result = node.Required(0);
        foreach (RunTimePadAxis axis in axes.Where(a => a.Before.Constant != 0 || a.Start.Constant != 0 || !node.Output.Shape.Extent(a.Axis).Equals(node.Required(0).Shape.Extent(a.Axis))))
        {
            Value positions = Positions(node, axis, node.Output.Shape.Extent(axis.Axis), mode, rewriter);
            result = rewriter.Insert("Gather", node.Name, new[] { result, positions }, ("axis", (long)axis.Axis));
        }

        rewriter.ReplaceNode(node, result);
    }

    /// <summary>The element that each cell of the output repeats; where there are none, positions that no axis has.</summary>
    private static Value Positions(Node node, RunTimePadAxis axis, Extent length, string mode, GraphRewriter rewriter)
    {
        Value Number(Size size) => rewriter.SizeValue(Extent.Of(size), ElementType.Int64, $"{node.Name}.size");
        Value Op(string op, params Value[] inputs) => rewriter.Insert(op, node.Name, inputs);
        Size one = Size.Of(1);
        Size count = axis.Count.Expression;
        Value all = Op("Range", Number(Size.Of(0)), Number(length.Expression), Number(one));
        Value positions = Op("Sub", all, Number(axis.Before));
        Value last = Number(count - one);
        Value kept;
        switch (mode)
        {
            case "edge":
                kept = Op("Min", Op("Max", positions, Number(Size.Of(0))), last);
                break;
            case "wrap":
                kept = Op("Mod", positions, Number(Size.Max(count, one)));
                break;
            default:
                // The wave 0, …, last, …, 0 falls from its middle to both sides.
                Value period = Number(Size.Max((count - one) * Size.Of(2), one));
                kept = Op("Sub", last, Op("Abs", Op("Sub", Op("Mod", positions, period), last)));
                break;
        }

        return axis.Start.Constant == 0 ? kept : Op("Add", kept, Number(axis.Start));
    }
}
