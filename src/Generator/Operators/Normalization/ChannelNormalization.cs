using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Normalization;

/// <summary>
/// Normalisation of whole channels, alone or in groups, in blocks of channels: the statistics first, then every element in one
/// element-wise pass, which takes what follows the node with it.
/// </summary>
internal static class ChannelNormalization
{
    private static readonly DelegateFunction _function = new("Normalize", 4, "({0} − {1}) · {2} + {3}")
    {
        Real = static x => ((x[0] - x[1]) * x[2]) + x[3],
        Float = static (simd, x) => simd.MultiplyAdd($"({x[0]} - {x[1]})", x[2], x[3]),
        Cheap = true,
    };

    /// <summary>True if a node's work can stay in blocks of channels.</summary>
    /// <param name="node">Input 0 is [N, C, spatial…].</param>
    /// <param name="layouts">Layouts of the values so far.</param>
    public static bool CanBlock(Node node, LayoutQuery layouts) => node.Outputs.Count == 1
        && layouts.IsBlocked(node.Required(0))
        && LayoutQuery.CanBlock(node.Output)
        && !node.Output.Shape.IsDynamicAt(0);

    /// <summary>Adds the steps.</summary>
    /// <param name="node">Input 0 is [N, C, spatial…], inputs 1 and 2 are the factors and summands of the channels.</param>
    /// <param name="members">Channels of a group.</param>
    /// <param name="epsilon">Is added to variances.</param>
    /// <param name="context">Takes the steps.</param>
    public static void Lower(Node node, int members, double epsilon, LoweringContext context)
    {
        Shape shape = node.Output.Shape;
        int channels = shape[1];
        var statistics = new Shape(new[] { shape[0], channels }.Concat(Enumerable.Repeat(1, shape.Rank - 2)));
        TensorView mean = Channels($"{node.Name}.mean", statistics, context);
        TensorView factor = Channels($"{node.Name}.factor", statistics, context);
        TensorView input = context.ReadBlocked(node.Required(0), Halo.None(shape.Rank - 2));
        context.Add(new ChannelStatisticsStep(node, input, mean, factor));
        context.Add(new ChannelFactorsStep(node, channels, members, epsilon, context.ReadDense(node.Required(1)), mean, factor));

        ElementProgram program = ElementProgram.Single(_function, Enumerable.Repeat(ElementType.Float32, 4).ToArray());
        var operands = new[]
        {
            (input, input.Layout.Dimensions()),
            ElementwiseOperands.ChannelOperand(mean, statistics, shape, context),
            ElementwiseOperands.ChannelOperand(factor, statistics, shape, context),
            ElementwiseOperands.ChannelOperand(node.Required(2), shape, context),
        };
        context.Add(new ElementwiseStep(
            node,
            node.Name,
            node.Epilogue is { } epilogue ? program.Then(epilogue) : program,
            operands.Concat(node.EpilogueOperands.Select(v => ElementwiseOperands.Operand(v, shape, blocked: true, context))).ToArray(),
            context.Allocate(node.Output)));
    }

    /// <summary>Arena memory for a number per channel of each sample.</summary>
    private static TensorView Channels(string name, Shape shape, LoweringContext context)
    {
        Layout layout = context.Blocked(shape, Halo.None(shape.Rank - 2));
        var elements = new Shape((int)(layout.Strides[0] * shape[0]));
        return context.Scratch(name, ElementType.Float32, elements).With(layout);
    }
}
