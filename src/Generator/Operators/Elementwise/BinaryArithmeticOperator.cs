using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Add, Sub, Mul, Div and their kin: two inputs of one numeric type, with the broadcasting rules of old opsets brought up to date.</summary>
internal abstract class BinaryArithmeticOperator : ElementwiseOperator
{
    protected BinaryArithmeticOperator(string name)
        : base(name)
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Numbers;

    /// <summary>Before opset 7 input 1 was aligned at attribute <c>axis</c> if <c>broadcast</c> was set: it becomes a reshape with trailing ones.</summary>
    public override void Upgrade(UpgradeContext context)
    {
        LegacyBroadcast.Upgrade(context);
    }
}

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
        context.Attributes.Remove("consumed_inputs");
        if (!broadcast || !aligned)
        {
            return;
        }

        Value left = context.Node.Required(0);
        Value right = context.Node.Required(1);
        if (!Shape.TryNormalizeAxis(axis, left.Shape.Rank, out int start) || start + right.Shape.Rank > left.Shape.Rank)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"broadcast axis {axis} does not fit the shapes");
        }

        int trailing = left.Shape.Rank - start - right.Shape.Rank;
        if (trailing > 0)
        {
            var shape = new Shape(right.Shape.Dimensions.Concat(Enumerable.Repeat(1, trailing)));
            context.ReshapeInput(1, shape);
        }
    }
}
