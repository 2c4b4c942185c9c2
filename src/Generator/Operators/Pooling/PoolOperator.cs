using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Pooling;

/// <summary>MaxPool, AveragePool, LpPool: a window slides over [N, C, spatial…] and each position becomes one element.</summary>
internal abstract class PoolOperator : Operator
{
    protected PoolOperator(string name)
        : base(name)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>Element types that are allowed.</summary>
    protected virtual IReadOnlyList<ElementType> AllowedTypes => TypeSets.Floats;

    /// <summary>What a window becomes, with the node's attributes as parameters.</summary>
    protected abstract ReductionFunction Function(Node node);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, AllowedTypes.ToArray());
        SpatialWindow window = WindowOf(context.Node);
        Shape shape = context.Shape(0);
        Shape result = context.MakeShape(new long[] { shape[0], shape[1] }.Concat(window.Output.Select(static o => (long)o)));
        context.SetOutput(0, context.Type(0), result);
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        new[] { PoolEvaluation.Run(Function(node), WindowOf(node), inputs[0]!, node.Output.Shape, CountsPadding(node)) };

    /// <summary>Padding that differs from run to run becomes a node of its own, where the kernel takes but one kind of output.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.Outputs.Count > 1)
        {
            return false;
        }

        if (!SamePadding.Varies(node, () => WindowOf(node)))
        {
            return IsSeparable(node) && TrySplit(node, rewriter);
        }

        Value padded = SamePadding.Pad(node, WindowOf(node), node.Required(0), Padding(node), rewriter);
        SamePadding.Replace(node, Corrected(node, SamePadding.Unpadded(node, new[] { padded }, rewriter), rewriter), rewriter);
        return true;
    }

    /// <summary>True if a window's result is that of its columns' results, whatever of them is padding.</summary>
    protected virtual bool IsSeparable(Node node) => false;

    /// <summary>A large window as one along the last dimension and one along the others: 13×13 cells are 26 then instead of 169.</summary>
    private static bool TrySplit(Node node, GraphRewriter rewriter)
    {
        SpatialWindow window = WindowOf(node);
        int last = window.Rank - 1;
        if (last < 1 || node.Epilogue is not null || !IsWorthSplitting(window) || Enumerable.Range(0, window.Rank).Any(d => window.Dilations[d] > 1 || window.PadsBefore[d] >= window.Kernel[d] || window.PadsAfter[d] >= window.Kernel[d]))
        {
            return false;
        }

        Value Part(Value source, Func<int, bool> slides)
        {
            AttributeMap attributes = node.Attributes.Clone();
            long[] Along(IReadOnlyList<int> values, long still) => Enumerable.Range(0, window.Rank).Select(d => slides(d) ? values[d] : still).ToArray();
            attributes.Remove("auto_pad");
            attributes.Set("kernel_shape", Along(window.Kernel, 1));
            attributes.Set("strides", Along(window.Strides, 1));
            attributes.Set("pads", Along(window.PadsBefore, 0).Concat(Along(window.PadsAfter, 0)).ToArray());
            return rewriter.InsertLike(node, attributes, new[] { source });
        }

        rewriter.ReplaceNode(node, Part(Part(node.Required(0), d => d == last), d => d != last));
        return true;
    }

    /// <summary>True if the taps of two passes, each of which stores what it finds, are clearly fewer.</summary>
    private static bool IsWorthSplitting(SpatialWindow window)
    {
        const double StoreTaps = 2;
        const double Clearly = 0.7;
        int last = window.Rank - 1;
        double narrowed = (double)window.Output[last] / Math.Max(1, window.Output.Aggregate(1.0, static (p, o) => p * o))
            * window.Input.Take(last).Aggregate(1.0, static (p, i) => p * i);
        double rest = (double)window.Taps / window.Kernel[last];
        return window.Kernel[last] > 1 && rest > 1 && (narrowed * (window.Kernel[last] + StoreTaps)) + rest + StoreTaps < Clearly * window.Taps;
    }

    /// <summary>What a padded cell holds so that it does not count.</summary>
    protected virtual Tensor Padding(Node node) => ElementEvaluation.Scalar(node.Output.Type, 0);

    /// <summary>The node's output from that of windows over an input with padded cells.</summary>
    protected virtual Value Corrected(Node node, Value pooled, GraphRewriter rewriter) => pooled;

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        LayoutQuery.CanBlock(node.Output) && LayoutQuery.CanBlock(node.Required(0)) && (layouts.IsBlocked(node.Required(0)) || IsWorthBlocking(node))
            ? LayoutKind.Blocked
            : LayoutKind.Plain;

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        Value value = node.Required(0);
        RunTimeWindow.RequireFixedPadding(node, () => WindowOf(node));
        TensorView input = output.Layout.IsBlocked ? context.ReadBlocked(value, Halo.None(value.Shape.Rank - 2), output.Zero is not null || UseOfBytes(node, 0, context.Layouts) == ByteUse.Accepts) : context.ReadPlain(value);
        context.Add(new PoolStep(node, Function(node), WindowOf(node), input, output, CountsPadding(node)));
    }

    /// <summary>The window of a node; checked by <see cref="Infer"/>.</summary>
    protected static SpatialWindow WindowOf(Node node) => SpatialWindow.Of(node, SpatialWindow.KernelShape(node));

    /// <summary>
    /// True for a plain input that is better copied into blocks: where windows are strided or most of them reach beyond the input,
    /// neighbouring columns do not fill a register, and each element is read by so many windows that a copy costs less.
    /// </summary>
    private static bool IsWorthBlocking(Node node)
    {
        SpatialWindow window = WindowOf(node);
        int last = window.Rank - 1;
        (int first, int end) = window.Interior(last);
        return (window.Strides[last] > 1 || end - first < window.Output[last] / 2)
            && node.Output.Shape[1] >= Layout.BlockSize / 2
            && window.Output.Aggregate(1L, static (p, o) => p * o) > 1;
    }

    /// <summary>True if a mean counts the taps in the declared padding.</summary>
    protected virtual bool CountsPadding(Node node) => false;
}

/// <summary>Plain evaluation of windows.</summary>
internal static class PoolEvaluation
{
    /// <summary>Visits the elements of every window: calls <paramref name="start"/>, then <paramref name="tap"/> with input indices, then <paramref name="finish"/>.</summary>
    public static void Visit(SpatialWindow window, Shape input, Shape output, Action start, Action<int> tap, Action<int, int[]> finish)
    {
        long[] strides = input.RowMajorStrides();
        var position = new int[output.Rank];
        for (int o = 0; o < output.ElementCount; o++)
        {
            int rest = o;
            for (int i = output.Rank - 1; i >= 0; i--)
            {
                position[i] = rest % output[i];
                rest /= output[i];
            }

            start();
            VisitTaps(window, strides, position, 0, (position[0] * strides[0]) + (position[1] * strides[1]), tap);
            finish(o, position);
        }
    }

    public static Tensor Run(ReductionFunction function, SpatialWindow window, Tensor input, Shape output, bool countPadding)
    {
        ElementType type = input.Type;
        var bytes = new byte[output.ElementCount * type.Size()];
        bool integral = type.IsInteger();
        double real = 0;
        long integer = 0;
        Visit(
            window,
            input.Shape,
            output,
            () => (real, integer) = (function.StartReal, integral ? function.StartInteger(type) : 0),
            index =>
            {
                if (integral)
                {
                    integer = function.StepInteger(integer, ElementEvaluation.ReadInteger(input, index), type == ElementType.UInt64);
                }
                else
                {
                    real = function.StepReal(real, ElementEvaluation.Read(input, index));
                }
            },
            (index, position) =>
            {
                if (integral)
                {
                    ElementEvaluation.WriteInteger(bytes, type, index, integer);
                }
                else
                {
                    ElementEvaluation.Write(bytes, type, index, function.FinishReal(real, Math.Max(1, Count(window, position, countPadding))));
                }
            });
        return Tensor.FromBytes(type, output, bytes, function.Key);
    }

    private static void VisitTaps(SpatialWindow window, long[] strides, int[] position, int dimension, long index, Action<int> tap)
    {
        if (dimension == window.Rank)
        {
            tap((int)index);
            return;
        }

        int start = window.Start(dimension, position[dimension + 2]);
        (int first, int end) = window.Inside(dimension, position[dimension + 2]);
        for (int k = first; k < end; k++)
        {
            long cell = start + (k * (long)window.Dilations[dimension]);
            VisitTaps(window, strides, position, dimension + 1, index + (cell * strides[dimension + 2]), tap);
        }
    }

    private static long Count(SpatialWindow window, int[] position, bool countPadding)
    {
        long count = 1;
        for (int d = 0; d < window.Rank; d++)
        {
            (int first, int end) = window.Inside(d, position[d + 2]);
            int last = window.Input[d] + window.PadsAfter[d] - 1 - window.Start(d, position[d + 2]);
            count *= countPadding ? Math.Min(window.Kernel[d], (last / window.Dilations[d]) + 1) : end - first;
        }

        return count;
    }
}
