using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Convolutions of 2×2, 3×3 and 5×5 windows of stride 1, and 3×3 of stride 2, by Winograd's minimal filtering, where that is estimated to be faster than the direct sum.</summary>
internal static class WinogradLowering
{
    private const string Direct = "direct";

    /// <summary>Parts side by side that threads may compute at the same time.</summary>
    private const int PartLanes = 4;

    /// <summary>Adds the step, or returns false if the convolution is of another kind or the direct sum is as fast.</summary>
    public static bool TryLower(Node node, SpatialWindow window, int groups, TensorView input, LoweringContext context)
    {
        if (!context.AllowsWinograd
            || (node.Output.Shape.IsDynamic && input.Zero is not null)
            || !input.Layout.IsBlocked
            || !Applies(node, window, groups)
            || Transforms(node, window, input) is not { Count: > 0 } transforms)
        {
            return false;
        }

        Shape output = node.Output.Shape;
        int channels = node.Required(0).Shape[1];
        long terms = (long)window.Kernel[0] * window.Kernel[1] * channels;
        double directWork = input.Zero is null && channels % Layout.BlockSize == 0 && LaneSums.Pays(output[1], terms) ? LaneSums.Work(output[1], terms) : 1;
        var dilation = WinogradDilation.Of(window);
        string kernel = $"{Describe(window.Kernel[0], window.Strides[0], dilation)}{(input.Zero is null ? string.Empty : " of codes")}";
        ConvGrid grid = ConvGrid.Of(window, input.Layout);
        if (Choose(node, kernel, transforms, node.Required(1).Shape, grid, dilation, directWork, context) is not { } choice)
        {
            return false;
        }

        TensorView result = context.Allocate(node.Output);
        int[] behind = input.Layout.Halo?.After ?? new int[2];
        Add(
            node,
            new WinogradLayer(node.Name, grid, node.Required(1).Constant!, result, grid.OutputStrides(result.Layout, 0))
            {
                Dilation = dilation,
                InputRows = window.PadsBefore[0] + window.Input[0] + behind[0],
                InputColumns = window.PadsBefore[1] + window.Input[1] + behind[1],
                Sizes = node.Output.Shape.IsDynamic ? SizesOf(node, window, behind) : null,
                Bias = ConvLowering.ConstantBias(node, input.Zero - CodeWinogradTransform.Middle, context),
                Operands = ConvLowering.Operands(node, blocks: 0, context, bytes: choice.Transform is CodeWinogradTransform),
            },
            choice,
            input,
            context);
        return true;
    }

    /// <summary>Adds the steps of a convolution of stride 1 that is a part of a node, or of parts side by side, or returns false if it is of another kind or the direct sum is as fast.</summary>
    /// <param name="node">The node.</param>
    /// <param name="layer">The part.</param>
    /// <param name="input">The input with its halo.</param>
    /// <param name="context">Takes the steps.</param>
    public static bool TryLower(Node node, WinogradLayer layer, TensorView input, LoweringContext context)
    {
        int taps = layer.Grid.TapRows;
        if (!context.AllowsWinograd
            || context.IsDirect(node)
            || input.Zero is not null
            || !input.Layout.IsBlocked
            || layer.Grid.TapColumns != taps
            || RealWinogradTransform.For(taps) is not { Count: > 0 } transforms
            || Choose(node, Describe(taps, 1, layer.Dilation), transforms, layer.Weights.Shape, layer.Grid, layer.Dilation, directWork: 1, context) is not { } choice)
        {
            return false;
        }

        Add(node, layer, choice, input, context);
        return true;
    }

    private static string Describe(int taps, int stride, WinogradDilation dilation) => $"{taps}×{taps}{(stride == 1 ? string.Empty : $", stride {stride}")}{dilation}";

    /// <summary>True if a convolution of numbers has channels enough for minimal filtering to gain more than it costs to bring a plain input into blocks.</summary>
    public static bool Prefers(Node node, SpatialWindow window, int groups, LoweringContext context) => context.AllowsWinograd
        && !context.IsDirect(node)
        && !node.Attributes.Flag(Conv.ExactSums, false)
        && !node.Attributes.Has(Conv.GroupInputs)
        && Applies(node, window, groups)
        && RealWinogradTransform.For(window.Kernel[0], window.Strides[0]).Count > 0
        && Math.Min(node.Required(0).Shape[1], node.Output.Shape[1]) >= Layout.BlockSize;

    /// <summary>The way to compute a convolution by minimal filtering; null if the direct sum is as fast, or was measured to be.</summary>
    private static WinogradChoice? Choose(
        Node node,
        string kernel,
        IReadOnlyList<WinogradTransform> transforms,
        Shape weights,
        ConvGrid grid,
        WinogradDilation dilation,
        double directWork,
        LoweringContext context)
    {
        Shape output = node.Output.Shape;
        int channels = weights[1];
        int blocks = Layout.BlockCount(weights[0]);
        Simd simd = context.Options.Isa.Widest;
        IReadOnlyList<WinogradChoice> all = WinogradChoice.All(simd, transforms, channels, blocks, grid.Rows, grid.Positions, dilation, MapsOf(output));
        string estimate = WinogradChoice.Choose(simd, all, channels, blocks, grid.Rows, grid.Positions, directWork)?.Name ?? Direct;
        string[] choices = all.Select(static choice => choice.Name).OrderBy(static name => name, StringComparer.Ordinal).Prepend(Direct).Prepend(estimate).Distinct().ToArray();
        string layer = $"convolution {kernel} of {output[0]}×{channels}, {weights[0]} outputs, {grid.Rows}×{grid.Positions}";
        string decided = context.Decide(node, layer, choices);
        return all.FirstOrDefault(choice => choice.Name == decided);
    }

    private static void Add(Node node, WinogradLayer layer, WinogradChoice choice, TensorView input, LoweringContext context)
    {
        Winograd work = Work(node, layer, choice, input, context);
        if (!work.IsOneStrip)
        {
            context.Add(new WinogradStep(node, layer.Name, work, WinogradStage.Whole));
            return;
        }

        // Threads have no strips to share, only channels, and all need the points.
        context.Add(new WinogradStep(node, layer.Name, work, WinogradStage.Inputs));
        TensorView lines = context.Scratch(work.Lines.Storage.Name, work.Lines.Type, work.Lines.Shape);
        context.Add(new WinogradStep(node, layer.Name, work with { Lines = lines }, WinogradStage.Outputs));
    }

    /// <summary>True for a node without groups; dilated windows need maps of a fixed size.</summary>
    private static bool Applies(Node node, SpatialWindow window, int groups) => groups == 1
        && Applies(window)
        && (WinogradDilation.Of(window) == WinogradDilation.None || MapsOf(node.Output.Shape) != WinogradMaps.AnySize);

    /// <summary>True for windows of a kind that minimal filtering may be defined for.</summary>
    public static bool Applies(SpatialWindow window) => window.Rank == 2
        && window.Kernel.All(k => k == window.Kernel[0])
        && window.Strides.All(s => s == window.Strides[0])
        && (window.Strides[0] == 1 || window.Dilations.All(static d => d == 1));

    /// <summary>The tiles that are possible, small ones first; none for whole numbers in f32, or if sums might not be exact.</summary>
    private static IReadOnlyList<WinogradTransform> Transforms(Node node, SpatialWindow window, TensorView input)
    {
        if (input.Zero is null)
        {
            return node.Attributes.Flag(Conv.ExactSums, false)
                ? Array.Empty<WinogradTransform>()
                : RealWinogradTransform.For(window.Kernel[0], window.Strides[0]);
        }

        if (window.Kernel[0] != CodeWinogradTransform.F2.Taps || window.Strides[0] != CodeWinogradTransform.F2.Stride)
        {
            return Array.Empty<WinogradTransform>();
        }

        long largest = LargestSum(node.Required(1).Constant!);
        return new[] { CodeWinogradTransform.F2, CodeWinogradTransform.F4 }.Where(t => largest < t.Limit).ToArray();
    }

    /// <summary>A bound of all outputs without bias of codes of which the middle is taken off.</summary>
    private static long LargestSum(Tensor weights)
    {
        ReadOnlySpan<float> values = weights.Floats();
        int perOutput = values.Length / Math.Max(1, weights.Shape[0]);
        long largest = 0;
        for (int start = 0; start < values.Length; start += perOutput)
        {
            long sum = 0;
            foreach (float weight in values.Slice(start, perOutput))
            {
                sum += (long)Math.Abs(weight);
            }

            largest = Math.Max(largest, sum * CodeWinogradTransform.Middle);
        }

        return largest;
    }

    private static Winograd Work(Node node, WinogradLayer layer, WinogradChoice choice, TensorView input, LoweringContext context)
    {
        int outputs = layer.Weights.Shape[0];
        int channels = layer.Weights.Shape[1];
        (long points, long products, long lines) = Winograd.ScratchLengths(choice.Transform, choice.Tiling, channels);
        WinogradTiling tiling = layer.Parts is { } parts ? choice.Tiling with { Lanes = Math.Min(parts.Count, PartLanes) } : choice.Tiling;
        int lanes = Winograd.LaneBytes(choice.Transform, choice.Tiling, channels) <= StepWriter.MaxLocalBytes ? 1 : tiling.Lanes;
        bool codes = choice.Transform is CodeWinogradTransform;
        ElementType pointType = codes ? ElementType.Int16 : ElementType.Float32;
        ElementType sumType = codes ? ElementType.Int32 : ElementType.Float32;
        TensorView Scratch(string what, ElementType type, long length) => context.Scratch($"{layer.Name}.{what}", type, new Shape(checked((int)length)));
        var work = new Winograd
        {
            Transform = choice.Transform,
            Tiling = tiling,
            Batch = layer.Parts?.Count ?? node.Output.Shape[0],
            HasParts = layer.Parts is not null,
            Channels = channels,
            Blocks = Layout.BlockCount(outputs),
            LastIsHalf = Contraction.LeavesHalf(outputs, input, layer.Output),
            Rows = layer.Grid.Rows,
            Columns = layer.Grid.Positions,
            Dilation = layer.Dilation,
            InputRows = layer.InputRows,
            InputColumns = layer.InputColumns,
            Sizes = layer.Sizes,
            Input = layer.Grid.Shift(input),
            InputStrides = InputStrides(layer, input.Layout),
            Weights = context.Weight(PackedWeights(layer, choice), $"{layer.Name}.weight"),
            Codes = choice.Transform is CodeWinogradTransform transform
                ? new WinogradCodes(
                    transform,
                    Scratch("panels", ElementType.Int16, WinogradCodes.PanelsLength(transform, choice.Tiling, channels) * lanes),
                    CodePanels.OffsetOf(layer.Weights)!.Value)
                : null,
            Constants = ConstantsFor(choice.Transform, context),
            Bias = layer.Bias,
            Output = layer.Output,
            OutputStrides = layer.OutputStrides,
            Epilogue = node.Epilogue,
            EpilogueOperands = layer.Operands,
            Points = Scratch("points", pointType, points * lanes),
            Products = Scratch("products", sumType, products * lanes),
            Lines = Scratch("lines", sumType, lines * lanes),
        };
        return work.IsOneStrip ? work with { Points = Scratch("points", pointType, points) } : work;
    }

    private static WinogradMaps MapsOf(Shape output) => !output.IsDynamic ? WinogradMaps.Fixed
        : Enumerable.Range(2, output.Rank - 2).Any(output.IsDynamicAt) ? WinogradMaps.AnySize
        : WinogradMaps.AnyNumber;

    private static WinogradSizes SizesOf(Node node, SpatialWindow window, int[] behind)
    {
        Shape input = node.Required(0).Shape;
        Shape output = node.Output.Shape;
        Extent Readable(int axis) => Extent.Of(input.Extent(2 + axis).Expression + Size.Of(window.PadsBefore[axis] + behind[axis]));
        return new WinogradSizes(output.Extent(0), output.Extent(2), output.Extent(3), Readable(0), Readable(1));
    }

    private static OutputStrides InputStrides(WinogradLayer layer, Layout input)
    {
        OutputStrides strides = layer.Grid.InputStrides(input, 0) with { Block = input.Strides[1] };
        return layer.Parts is null ? strides : strides with { Batch = new[] { Layout.BlockCount(layer.Weights.Shape[1]) * input.Strides[1] } };
    }

    private static Tensor PackedWeights(WinogradLayer layer, WinogradChoice choice) => choice.Transform is not RealWinogradTransform transform ? PackCodes(layer.Weights)
        : layer.Parts is { } parts ? Joined(parts.Select(part => Pack(part, transform, choice.Tiling.Group)).ToArray())
        : Pack(layer.Weights, transform, choice.Tiling.Group);

    private static Tensor Joined(IReadOnlyList<Tensor> parts)
    {
        var shape = new Shape(parts[0].Shape.Dimensions.Skip(1).Prepend(parts[0].Shape[0] * parts.Count));
        return Tensor.LazyFloats(shape, $"Join({parts.Count} × {parts[0].Recipe})", () =>
        {
            var joined = new float[shape.ElementCount];
            int length = joined.Length / parts.Count;
            for (int i = 0; i < parts.Count; i++)
            {
                parts[i].Floats().CopyTo(joined.AsSpan(i * length));
            }

            return joined;
        });
    }

    /// <summary>Weights as signed bytes [block, pair of channels, tap, 16, 2].</summary>
    private static Tensor PackCodes(Tensor weights)
    {
        int outputs = weights.Shape[0];
        int channels = weights.Shape[1];
        int offset = CodePanels.OffsetOf(weights) ?? throw new ArgumentException("bytes do not hold the weights");
        var shape = new Shape(Layout.BlockCount(outputs), WinogradCodes.Pairs(channels), WinogradCodes.TapsLength);
        return Tensor.Lazy(ElementType.Int8, shape, $"WinogradTaps16[pairs]({weights.Recipe})", () =>
        {
            ReadOnlySpan<float> source = weights.Floats();
            byte[] bytes = Enumerable.Repeat(unchecked((byte)-offset), (int)shape.ElementCount).ToArray();
            for (int i = 0; i < source.Length; i++)
            {
                int tap = i % 9;
                int c = i / 9 % channels;
                int m = i / 9 / channels;
                int row = (((m / Layout.BlockSize * shape[1]) + (c / 2)) * 9) + tap;
                bytes[(row * WinogradCodes.RowLength) + (m % Layout.BlockSize * 2) + (c % 2)] = unchecked((byte)((int)source[i] - offset));
            }

            return bytes;
        });
    }

    /// <summary>The transform's constants in weight memory; null if there are none, or no code of this build reads them.</summary>
    internal static TensorView? ConstantsFor(WinogradTransform transform, LoweringContext context) =>
        (transform as RealWinogradTransform)?.Constants is { } constants && context.Options.Isa.Widths.Any(WinogradInterpolation.ReadsConstants) ? context.Weight(constants, "Winograd.constants") : null;

    /// <summary>The transformed weights as [group of blocks, panel, block of the group, channel, 16], zeros in the lanes behind the last output.</summary>
    private static Tensor Pack(Tensor weights, RealWinogradTransform transform, int group)
    {
        int outputs = weights.Shape[0];
        int channels = weights.Shape[1];
        int blocks = Layout.BlockCount(outputs);
        var shape = new Shape(blocks, transform.PanelCount, channels, Layout.BlockSize);
        return Tensor.LazyFloats(shape, $"WinogradPanels16[{transform.Name}, groups of {group} blocks]({weights.Recipe})", () =>
        {
            var panels = new float[shape.ElementCount];
            ReadOnlySpan<float> source = weights.Floats();
            for (int block = 0; block < blocks; block++)
            {
                int first = block / group * group;
                int members = Math.Min(group, blocks - first);
                int lanes = Math.Min(Layout.BlockSize, outputs - (block * Layout.BlockSize));
                ReadOnlySpan<float> filters = source.Slice(block * Layout.BlockSize * channels * transform.Taps * transform.Taps);
                PackBlock(transform, filters, channels, lanes, members, panels.AsSpan(((first * transform.PanelCount) + (block - first)) * channels * Layout.BlockSize));
            }

            return panels;
        });
    }

    /// <summary>Transforms the filters of one block of outputs; a panel follows the last one after all members of the group.</summary>
    private static void PackBlock(RealWinogradTransform transform, ReadOnlySpan<float> filters, int channels, int lanes, int members, Span<float> panels)
    {
        int taps = transform.Taps * transform.Taps;
        Span<double> points = stackalloc double[transform.PanelCount];
        Span<float> rows = stackalloc float[transform.PanelCount * Layout.BlockSize];
        rows.Clear();
        for (int c = 0; c < channels; c++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                transform.TransformWeights(filters.Slice(((lane * channels) + c) * taps, taps), points);
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
