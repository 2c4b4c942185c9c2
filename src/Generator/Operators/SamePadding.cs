using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// Padding that <c>auto_pad</c> distributes differently for different sizes of a run: kernels have fixed padding, so that it becomes a
/// <c>Pad</c> of run-time size before a window without padding.
/// </summary>
internal static class SamePadding
{
    /// <summary>True if the cells before or behind the input are not the same number for all sizes.</summary>
    /// <param name="node">A node with the attribute auto_pad and the input 0 [N, C, spatial…].</param>
    /// <param name="window">The window at the sizes that input 0 has at the moment.</param>
    public static bool Varies(Node node, Func<SpatialWindow> window)
    {
        if (!IsSame(node) || !node.Required(0).Shape.IsDynamic)
        {
            return false;
        }

        SpatialWindow greatest = window();
        return Enumerable.Range(0, greatest.Rank).Select(d => Along(node, greatest, d)).Any(static p => p.Before.Constant is null || p.After.Constant is null);
    }

    /// <summary>A value with the padding of a node around it, which has the shape of the node's input 0 in its spatial dimensions.</summary>
    /// <param name="node">The node.</param>
    /// <param name="window">The window at the greatest sizes.</param>
    /// <param name="value">The value that is padded.</param>
    /// <param name="cell">What a padded cell holds, a scalar.</param>
    /// <param name="rewriter">Where the node goes.</param>
    public static Value Pad(Node node, SpatialWindow window, Value value, Tensor cell, GraphRewriter rewriter)
    {
        (Size Before, Size After)[] pads = Enumerable.Range(0, window.Rank).Select(d => Along(node, window, d)).ToArray();
        IEnumerable<Size> none = new[] { Size.Of(0), Size.Of(0) };
        Size[] all = none.Concat(pads.Select(static p => p.Before)).Concat(none).Concat(pads.Select(static p => p.After)).ToArray();
        string name = $"{node.Name}.same";
        return rewriter.Insert("Pad", name, new[] { value, rewriter.SizeVector(all, $"{name}.pads"), rewriter.Constant(cell, $"{name}.cell") });
    }

    /// <summary>A node like another one, without padding of its own, for inputs that are padded.</summary>
    public static Value Unpadded(Node node, IEnumerable<Value?> inputs, GraphRewriter rewriter)
    {
        AttributeMap attributes = node.Attributes.Clone().Set("auto_pad", "VALID");
        attributes.Remove("pads");
        attributes.Remove("ceil_mode");
        return rewriter.InsertNode(node.Operator, node.Name, attributes, inputs, 1, node.Opset)[0];
    }

    /// <summary>Puts a value in the place of a node's output. It has the same sizes, which may have come about as another expression.</summary>
    public static void Replace(Node node, Value replacement, GraphRewriter rewriter)
    {
        replacement.Shape = node.Output.Shape;
        rewriter.ReplaceNode(node, replacement);
    }

    /// <summary>The cells before the input along each spatial dimension, for all sizes that a node's inputs may have in a run.</summary>
    /// <param name="node">The node.</param>
    /// <param name="window">The window at the greatest sizes.</param>
    /// <param name="weights">Shape of the weights, whose dimensions from the third on are the kernel's; null where the attribute kernel_shape says it.</param>
    public static Size[] Before(Node node, SpatialWindow window, Shape? weights = null) => Enumerable.Range(0, window.Rank)
        .Select(d => IsSame(node) ? Along(node, window, d, weights?.Extent(d + 2)).Before : Size.Of(window.PadsBefore[d]))
        .ToArray();

    private static bool IsSame(Node node) => node.Attributes.String("auto_pad", "NOTSET") is "SAME_UPPER" or "SAME_LOWER";

    /// <summary>The cells before and behind the input along a spatial dimension.</summary>
    private static (Size Before, Size After) Along(Node node, SpatialWindow window, int dimension, Extent? kernel = null)
    {
        Size one = Size.Of(1);
        Size input = node.Required(0).Shape.Extent(dimension + 2).Expression;
        Size stride = Size.Of(window.Strides[dimension]);
        Size taps = kernel?.Expression ?? Size.Of(window.Kernel[dimension]);
        Size span = ((taps - one) * Size.Of(window.Dilations[dimension])) + one;
        Size output = (input + stride - one).FloorDivide(window.Strides[dimension]);
        Size total = Size.Max(Size.Of(0), ((output - one) * stride) + span - input);
        Size small = total.FloorDivide(2);
        return node.Attributes.String("auto_pad", "NOTSET") == "SAME_UPPER" ? (small, total - small) : (total - small, small);
    }
}
