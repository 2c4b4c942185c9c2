using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Convolutions that no fast kernel covers: three and more dimensions, f64, weights that are known only at run time.</summary>
internal static class GenericConvolution
{
    public static void Lower(Node node, SpatialWindow window, int groups, LoweringContext context)
    {
        var form = new WindowForm(window.Strides, window.Dilations, SamePadding.Before(node, window, node.Required(1).Shape));
        context.Add(new GenericConvolutionStep(node, form, groups, context.ReadPlain(node.Required(0)), context.ReadPlain(node.Required(1)), Bias(node, context), context.Allocate(node.Output)));
    }

    public static void LowerTransposed(Node node, TransposedWindow window, int groups, LoweringContext context)
    {
        var form = new WindowForm(window.Strides, window.Dilations, TransposedWindow.SizesBefore(node));
        context.Add(new GenericTransposedConvolutionStep(node, form, groups, context.ReadPlain(node.Required(0)), context.ReadPlain(node.Required(1)), Bias(node, context), context.Allocate(node.Output)));
    }

    private static TensorView? Bias(Node node, LoweringContext context) => node.Input(2) is { } value ? context.ReadPlain(value) : null;
}
