using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>The unidirectional broadcasting of opsets 1 to 6.</summary>
internal static class LegacyBroadcast
{
    /// <summary>Gives input 1 the trailing dimensions of size 1 that today's right-aligned broadcasting needs.</summary>
    public static void Upgrade(UpgradeContext context)
    {
        if (context.Opset >= 7)
        {
            return;
        }

        bool broadcast = context.Attributes.Flag("broadcast", false);
        long axis = context.Attributes.Int("axis", -1);
        bool aligned = context.Attributes.Has("axis");
        context.Attributes.Remove("broadcast");
        context.Attributes.Remove("axis");
        if (broadcast && aligned && context.Node.Input(0) is { } left && context.Node.Input(1) is { } right)
        {
            Align(context, axis, left.Shape.Rank, right.Shape);
        }
    }

    private static void Align(UpgradeContext context, long axis, int rank, Shape right)
    {
        if (!Shape.TryNormalizeAxis(axis, rank, out int start) || start + right.Rank > rank)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"broadcast axis {axis} does not fit the shapes");
        }

        int trailing = rank - start - right.Rank;
        if (trailing > 0)
        {
            context.ReshapeInput(1, new Shape(right.Dimensions.Concat(Enumerable.Repeat(1, trailing))));
        }
    }
}
