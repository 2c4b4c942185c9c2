using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Convolutions that no fast kernel covers: three and more dimensions, f64, weights that are known only at run time.</summary>
internal static class GenericConvolution
{
    public static void Lower(Node node, SpatialWindow window, int groups, LoweringContext context)
    {
        RunTimeWindow.RequireFixedPadding(node, () => Conv.Window(node));
        TensorView? bias = node.Input(2) is { } value ? context.ReadDense(value) : null;
        context.Add(new GenericConvolutionStep(
            node,
            window,
            groups,
            context.ReadDense(node.Required(0)),
            context.ReadDense(node.Required(1)),
            bias,
            context.Allocate(node.Output)));
    }
}
