using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>3×3 convolutions of stride 1 by Winograd's minimal filtering, where that is estimated to be faster than the direct sum.</summary>
internal static class WinogradLowering
{
    private const string Direct = "direct";

    /// <summary>Adds the step, or returns false if the convolution is of another kind or the direct sum is as fast.</summary>
    public static bool TryLower(Node node, SpatialWindow window, int groups, TensorView input, LoweringContext context)
    {
        if (!context.AllowsWinograd || node.Output.Shape.IsDynamic || node.Attributes.Flag(Conv.ExactSums, false) || !Applies(window, groups, input.Layout))
        {
            return false;
        }

        Shape output = node.Output.Shape;
        int channels = node.Required(0).Shape[1];
        int blocks = Layout.BlockCount(output[1]);
        WinogradChoice? estimate = WinogradChoice.Choose(channels, blocks, output[2], output[3]);
        IReadOnlyDictionary<string, WinogradChoice> all = WinogradChoice.All(channels, blocks, output[2], output[3]);
        string[] choices = all.Keys.OrderBy(static name => name, StringComparer.Ordinal).Prepend(Direct).Prepend(estimate?.Name ?? Direct).Distinct().ToArray();
        string layer = $"convolution 3×3 of {output[0]}×{channels}, {output[1]} outputs, {output[2]}×{output[3]}";
        if (!all.TryGetValue(context.Decide(node, layer, choices), out WinogradChoice? choice))
        {
            return false;
        }

        Winograd work = Work(node, window, choice, input, context);
        if (!work.IsOneStrip)
        {
            context.Add(new WinogradStep(node, work, WinogradStage.Whole));
            return true;
        }

        // Threads have no strips to share, only channels, and all need the points.
        context.Add(new WinogradStep(node, work, WinogradStage.Inputs));
        TensorView lines = context.Scratch(work.Lines.Storage.Name, ElementType.Float32, work.Lines.Shape);
        context.Add(new WinogradStep(node, work with { Lines = lines }, WinogradStage.Outputs));
        return true;
    }

    private static bool Applies(SpatialWindow window, int groups, Layout input) => groups == 1
        && window.Rank == 2
        && input.IsBlocked
        && window.Kernel.All(static k => k == 3)
        && window.Strides.All(static s => s == 1)
        && window.Dilations.All(static d => d == 1);

    private static Winograd Work(Node node, SpatialWindow window, WinogradChoice choice, TensorView input, LoweringContext context)
    {
        Shape shape = node.Output.Shape;
        int channels = node.Required(0).Shape[1];
        int blocks = Layout.BlockCount(shape[1]);
        ConvGrid grid = ConvGrid.Of(window, input.Layout);
        TensorView output = context.Allocate(node.Output);
        int[] behind = input.Layout.Halo?.After ?? new int[2];
        (long points, long products, long lines) = Winograd.ScratchFloats(choice.Transform, choice.Tiling, channels);
        int lanes = choice.Tiling.Lanes;
        TensorView Scratch(string what, long floats) => context.Scratch($"{node.Name}.{what}", ElementType.Float32, new Shape(checked((int)floats)));
        var work = new Winograd
        {
            Transform = choice.Transform,
            Tiling = choice.Tiling,
            Batch = shape[0],
            Channels = channels,
            Blocks = blocks,
            Rows = shape[2],
            Columns = shape[3],
            InputRows = window.PadsBefore[0] + window.Input[0] + behind[0],
            InputColumns = window.PadsBefore[1] + window.Input[1] + behind[1],
            Input = grid.Shift(input),
            InputStrides = grid.InputStrides(input.Layout, 0) with { Block = input.Layout.Strides[1] },
            Weights = context.Weight(Pack(node.Required(1).Constant!, choice), $"{node.Name}.weight"),
            Constants = ConstantsFor(choice.Transform, context),
            Bias = node.Input(2)?.Constant is { } bias ? context.Weight(PanelPacker.PadBias(bias, 1, shape[1]), $"{node.Name}.bias") : null,
            Output = output,
            OutputStrides = grid.OutputStrides(output.Layout, 0),
            Epilogue = node.Epilogue,
            EpilogueOperands = ConvLowering.Operands(node, blocks: 0, context),
            Points = Scratch("points", points * lanes),
            Products = Scratch("products", products * lanes),
            Lines = Scratch("lines", lines * lanes),
        };
        return work.IsOneStrip ? work with { Points = Scratch("points", points) } : work;
    }

    /// <summary>The transform's constants in weight memory; null if there are none, or no code of this build reads them.</summary>
    internal static TensorView? ConstantsFor(WinogradTransform transform, LoweringContext context) =>
        transform.Constants is { } constants && context.Options.Isa.Widths.Any(WinogradTransform.ReadsConstants) ? context.Weight(constants, "Winograd.constants") : null;

    /// <summary>The transformed weights as [group of blocks, point, block of the group, channel, 16], zeros in the lanes behind the last output.</summary>
    private static Tensor Pack(Tensor weights, WinogradChoice choice)
    {
        int outputs = weights.Shape[0];
        int channels = weights.Shape[1];
        int blocks = Layout.BlockCount(outputs);
        WinogradTransform transform = choice.Transform;
        int group = choice.Tiling.Group;
        var shape = new Shape(blocks, transform.Products, channels, Layout.BlockSize);
        return Tensor.LazyFloats(shape, $"WinogradPanels16[F{transform.Outputs}, groups of {group} blocks]({weights.Recipe})", () =>
        {
            var panels = new float[shape.ElementCount];
            ReadOnlySpan<float> source = weights.Floats();
            for (int block = 0; block < blocks; block++)
            {
                int first = block / group * group;
                int members = Math.Min(group, blocks - first);
                int lanes = Math.Min(Layout.BlockSize, outputs - (block * Layout.BlockSize));
                ReadOnlySpan<float> filters = source.Slice(block * Layout.BlockSize * channels * 9);
                PackBlock(transform, filters, channels, lanes, members, panels.AsSpan(((first * transform.Products) + (block - first)) * channels * Layout.BlockSize));
            }

            return panels;
        });
    }

    /// <summary>Transforms the filters of one block of outputs; a point's panel follows the last point's after all members of the group.</summary>
    private static void PackBlock(WinogradTransform transform, ReadOnlySpan<float> filters, int channels, int lanes, int members, Span<float> panels)
    {
        Span<double> points = stackalloc double[transform.Products];
        Span<float> rows = stackalloc float[transform.Products * Layout.BlockSize];
        rows.Clear();
        for (int c = 0; c < channels; c++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                transform.TransformWeights(filters.Slice(((lane * channels) + c) * 9, 9), points);
                for (int p = 0; p < points.Length; p++)
                {
                    rows[(p * Layout.BlockSize) + lane] = (float)points[p];
                }
            }

            for (int p = 0; p < points.Length; p++)
            {
                rows.Slice(p * Layout.BlockSize, Layout.BlockSize).CopyTo(panels.Slice(((p * members * channels) + c) * Layout.BlockSize));
            }
        }
    }
}
