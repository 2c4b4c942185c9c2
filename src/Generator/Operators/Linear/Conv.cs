using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Conv: y[n, m, …] = b[m] + Σ w[m, c, k…] · x[n, c, …·stride + k·dilation − pad], with groups.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Conv.html · Types: f32 (fast in one and two spatial dimensions), f64 · Opsets: 11 and 22 changed only defaults' wording and types.</remarks>
internal sealed class Conv : Operator
{
    /// <summary>
    /// Attribute of the compiler's own: inputs and weights are whole numbers whose sums are exact, which only kernels that add
    /// plain products keep.
    /// </summary>
    public const string ExactSums = "exact_sums";

    /// <summary>
    /// Attribute of the compiler's own: a number of groups of outputs, and behind it the input channels of one group after the other.
    /// All other weights are zeros, so that who does not know the attribute computes the same.
    /// </summary>
    public const string GroupInputs = "group_inputs";

    public Conv()
        : base("Conv")
    {
    }

    public override (int Min, int Max) InputCount => (2, 3);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        context.RequireSameType(0, 1);
        Shape x = context.Shape(0);
        Shape w = context.Shape(1);
        if (x.Rank < 3 || w.Rank != x.Rank)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input and weights must have the same number of dimensions, at least 3; they have {x.Rank} and {w.Rank}");
        }

        long groups = context.Attributes.Int("group", 1);
        if (groups < 1 || x[1] != w[1] * groups || w[0] % groups != 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"{x[1]} input channels and {w[0]} output channels do not divide into {groups} groups of {w[1]}");
        }

        if (context.Attributes.Ints("kernel_shape") is { } kernel && !kernel.SequenceEqual(w.Dimensions.Skip(2).Select(static d => (long)d)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"kernel_shape [{string.Join(", ", kernel)}] is not that of the weights");
        }

        if (context.Has(2) && (context.Shape(2).Rank != 1 || context.Shape(2)[0] != w[0] || context.Type(2) != context.Type(0)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the bias must be [{w[0]}]");
        }

        SpatialWindow window = Window(context.Node);
        context.SetOutput(0, context.Type(0), context.MakeShape(new long[] { x[0], w[0] }.Concat(window.Output.Select(static o => (long)o))));
    }

    /// <summary>The windows over given pads by a kernel of the run.</summary>
    public override IEnumerable<Size> LikelySizes(Node node)
    {
        if (!node.Required(1).Shape.IsDynamic)
        {
            return Array.Empty<Size>();
        }

        SpatialWindow window = Window(node);
        return Enumerable.Range(0, window.Rank).Select(d =>
        {
            Size span = ((node.Required(1).Shape.Extent(d + 2).Expression - Size.Of(1)) * Size.Of(window.Dilations[d])) + Size.Of(1);
            Size room = node.Required(0).Shape.Extent(d + 2).Expression + Size.Of((long)window.PadsBefore[d] + window.PadsAfter[d]) - span;
            return room.FloorDivide(window.Strides[d]) + Size.Of(1);
        });
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        new[] { ConvolutionOracle.Convolve(inputs[0]!, inputs[1]!, inputs[2], Window(node), Groups(node), node.Output.Shape) };

    /// <summary>Padding that differs from run to run becomes a node of its own, but where the kernel's size differs too.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.Required(1).Shape.IsDynamic || !SamePadding.Varies(node, () => Window(node)))
        {
            return false;
        }

        Value padded = SamePadding.Pad(node, Window(node), node.Required(0), ElementEvaluation.Scalar(node.Output.Type, 0), rewriter);
        SamePadding.Replace(node, SamePadding.Unpadded(node, new[] { padded, node.Required(1), node.Input(2) }, rewriter), rewriter);
        return true;
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * node.Required(1).Shape.Product(1, node.Required(1).Shape.Rank);

    /// <summary>Functions that cost much are a pass of their own behind few outputs, which do not fill a register: behind sums by input lanes, and where the pass is over plain rows.</summary>
    public override bool AcceptsEpilogue(Node node, ElementProgram program) => (IsFast(node) || PacksAtRunTime(node)) && program.SupportsVector
        && !(Contraction.IsCostly(program, bytes: false) && (ConvLowering.HasFewOutputs(node, Groups(node)) || IsBetterPlain(node)));

    private static bool IsBetterPlain(Node node) => node.Output.Shape[1] <= Layout.BlockSize / 4 && node.Attributes.Int(ExactSums, 0) == 0 && new LayoutQuery().EndsPlain(node.Output);

    public override bool WritesStrided(Node node) => IsFast(node) || PacksAtRunTime(node);

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) => IsFast(node) || PacksAtRunTime(node) ? LayoutKind.Blocked : LayoutKind.Plain;

    public override Halo? WantedHalo(Node node, int input, LayoutQuery layouts) =>
        input == 0 && layouts.IsBlocked(node.Output) ? HaloOf(node) : null;

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => !layouts.IsBlocked(node.Output) ? ByteUse.None
        : input >= node.OperatorInputCount ? ByteUse.Accepts
        : input > 0 || node.Attributes.Int(ExactSums, 0) == 0 ? ByteUse.None
        : DepthwiseLowering.Applies(node, Groups(node)) ? ByteUse.Accepts
        : CodeProduct.Applies(node) ? ByteUse.Wants
        : ByteUse.None;

    public override bool MakesBytes(Node node, LayoutQuery layouts) => layouts.IsBlocked(node.Output);

    public override void Lower(Node node, LoweringContext context)
    {
        if (!context.Layouts.IsBlocked(node.Output))
        {
            GenericConvolution.Lower(node, Window(node), Groups(node), context);
        }
        else if (!node.Required(1).IsConstant)
        {
            ConvLowering.LowerPacking(node, Window(node), Groups(node), context);
        }
        else if (RowChainLowering.Find(node, context) is { } chain)
        {
            // The last node lowers all.
            if (ReferenceEquals(node, chain.Last))
            {
                RowChainLowering.Lower(chain, context);
            }
        }
        else if (GatedInput.Of(node, context) is { } gated)
        {
            gated.Lower(node, Window(node), context);
        }
        else if (DepthwiseLowering.Applies(node, Groups(node)))
        {
            DepthwiseLowering.Lower(node, Window(node), context);
        }
        else
        {
            ConvLowering.Lower(node, Window(node), Groups(node), context);
        }
    }

    /// <summary>The zero cells around the input that let every tap read without a check.</summary>
    public static Halo HaloOf(SpatialWindow window) => new(
        window.PadsBefore,
        Enumerable.Range(0, window.Rank).Select(i => Math.Max(0, window.Overhang(i))).ToArray());

    /// <summary>The same for a node, whose input may be known only at run time: wide enough for all of its sizes.</summary>
    /// <exception cref="ModelException">The padding before the input depends on the size.</exception>
    public static Halo HaloOf(Node node) => RunTimeWindow.WidestHalo(node, () => HaloOf(Window(node)));

    /// <summary>True if the blocked kernels cover the node: f32, one or two spatial dimensions, weights known now.</summary>
    public static bool IsFast(Node node) => LayoutQuery.CanBlock(node.Output)
        && LayoutQuery.CanBlock(node.Required(0))
        && node.Required(1).IsConstant
        && (node.Input(2) is null || node.Required(2).IsConstant);

    /// <summary>
    /// True if the weights are computed at run time and brought into panels before the product: of fixed sizes, in groups that fill blocks, with
    /// outputs enough that lanes without one are the smaller part.
    /// </summary>
    public static bool PacksAtRunTime(Node node) => CanPackAtRunTime(node) && node.Input(2) is null or { IsConstant: true };

    /// <summary>The same but for the bias, which is a constant or apart.</summary>
    public static bool CanPackAtRunTime(Node node) => LayoutQuery.CanBlock(node.Output)
        && LayoutQuery.CanBlock(node.Required(0))
        && node.Required(1) is { IsConstant: false, Type: ElementType.Float32, Shape: { IsDynamic: false, ElementCount: > 0 } }
        && !node.Required(0).Shape.IsDynamic
        && node.Output.Shape.ElementCount > 0
        && node.Output.Shape[1] / Groups(node) >= Layout.BlockSize / 2
        && ConvLowering.IsRegular(node, Groups(node));

    public static SpatialWindow Window(Node node) => SpatialWindow.Of(node, node.Required(1).Shape.Dimensions.Skip(2).ToArray());

    public static int Groups(Node node) => (int)node.Attributes.Int("group", 1);
}
