using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// The input of a 1×1 convolution that is a map times one factor for each channel, as in squeeze-and-excite blocks: Σ w·(s·x) =
/// Σ (w·s)·x. Where there are fewer weights than pixels, they take the factors, and the product of the map and the factors is never made.
/// </summary>
/// <param name="Map">The map, [1, C, H, W].</param>
/// <param name="Factors">One factor for each channel.</param>
internal sealed record GatedInput(Value Map, Value Factors)
{
    /// <summary>Weights to scale for each element of the map that need not be: they are read anyway, and near when they are read again.</summary>
    private const double MaxWeights = 0.75;

    /// <summary>The gated input of a convolution, or null if it reads its input as it is.</summary>
    public static GatedInput? Of(Node conv, LoweringContext context)
    {
        if (!IsPointwise(conv, context)
            || conv.Required(0).Producer is not { Operator: Elementwise.Mul, Epilogue: null } gate
            || gate.Output.Uses.Count != 1
            || context.Graph.IsOutput(gate.Output)
            || RowChainLowering.Find(conv, context) is not null)
        {
            return null;
        }

        Shape shape = gate.Output.Shape;
        for (int map = 0; map < 2; map++)
        {
            (Value x, Value s) = (gate.Required(map), gate.Required(1 - map));
            if (x.Shape.Equals(shape) && IsFactor(s, shape) && context.Layouts.IsBlocked(x) && context.RepeatsOf(x) is null && context.Bytes.ZeroOf(x) is null && context.Bytes.ZeroOf(s) is null)
            {
                return new GatedInput(x, s);
            }
        }

        return null;
    }

    /// <summary>True if the convolution that reads the product of a map and factors takes these into its weights.</summary>
    public static bool Absorbs(Node product, LoweringContext context) => product.Output.Uses.Count == 1
        && product.Output.Uses[0] is { Index: 0, Node: { Operator: Conv } conv }
        && Of(conv, context) is not null;

    /// <summary>Adds the steps that scale the weights and convolve the map.</summary>
    public void Lower(Node conv, SpatialWindow window, LoweringContext context)
    {
        TensorView input = context.ReadBlocked(Map, Halo.None(2));
        TensorView factors = SideBySide(context);
        Contraction work = ConvLowering.Contract(conv, ConvGrid.Of(window, input.Layout), 1, input, context.Allocate(conv.Output), context);
        TensorView panels = context.Scratch($"{conv.Name}.scaled", ElementType.Float32, work.Weights.Shape);
        context.Add(new ScaledPanelsStep(conv, work.Weights, factors, panels, work.Blocks, checked((int)work.ReductionLength)));
        context.Add(new ContractionStep(conv, conv.Name, $"{ConvLowering.What(window, 1)} of a gated map", work with { Weights = panels }));
    }

    /// <summary>The factors one behind the other, as they are in blocks of channels too.</summary>
    private TensorView SideBySide(LoweringContext context)
    {
        TensorView view = context.Read(Factors);
        return view.Layout.IsBlocked && view.Layout.Strides[1] == Layout.BlockSize ? view : context.ReadDense(Factors);
    }

    private static bool IsPointwise(Node conv, LoweringContext context)
    {
        if (context.IsNarrow || context.IsDirect(conv) || !Conv.IsFast(conv) || Conv.Groups(conv) != 1 || conv.Output.Shape is not { Rank: 4, IsDynamic: false } output)
        {
            return false;
        }

        SpatialWindow window = Conv.Window(conv);
        Shape input = conv.Required(0).Shape;
        return window.Kernel.All(static k => k == 1)
            && window.IsUnpadded
            && input[0] == 1
            && conv.Attributes.Int(Conv.ExactSums, 0) == 0
            && !conv.Attributes.Has(Conv.GroupInputs)
            && context.Bytes.ZeroOf(conv.Required(0)) is null
            && context.Bytes.ZeroOf(conv.Output) is null
            && !LaneSums.Pays(output[1], input[1])
            && Layout.BlockCount(output[1]) * Layout.BlockSize <= MaxWeights * input[2] * input[3];
    }

    /// <summary>True for one number per channel, known only at run time.</summary>
    private static bool IsFactor(Value value, Shape map) => !value.IsConstant
        && value.Type == ElementType.Float32
        && value.Shape.ElementCount == map[1]
        && value.Shape.Rank is 3 or 4
        && value.Shape[value.Shape.Rank - 3] == map[1];
}
