using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// Convolution in one or two dimensions as a contraction: output in blocks of 16 channels, input either in blocks too or
/// plain (first layers, channels that do not fill a block). The input has its padding in memory, so no tap is checked.
/// </summary>
internal static class ConvLowering
{
    /// <summary>Groups of outputs read their own inputs only, by a table, where that leaves out so much of the terms.</summary>
    private const double UnevenPart = 0.96;

    public static void Lower(Node node, SpatialWindow window, int groups, LoweringContext context)
    {
        if (ImageConvLowering.TryLower(node, window, groups, context))
        {
            return;
        }

        TensorView input = Read(node, window, groups, CodeProduct.Applies(node), context);
        if (!context.IsDirect(node)
            && !node.Attributes.Has(Conv.GroupInputs)
            && (WinogradLowering.TryLower(node, window, groups, input, context)
                || GroupedWinogradLowering.TryLower(node, window, groups, input, context)
                || LineWinogradLowering.TryLower(node, window, groups, input, context)))
        {
            return;
        }

        AddContraction(node, window, groups, input, context);
    }

    /// <summary>The input with its halo: as bytes, if it is stored so and the kernel takes them.</summary>
    public static TensorView Read(Node node, SpatialWindow window, int groups, bool takesBytes, LoweringContext context) => takesBytes && context.Bytes.ZeroOf(node.Required(0)) is not null
        ? ReadCodes(node, window, groups, context)
        : ReadInput(node.Required(0), Conv.HaloOf(node), IsRegular(node, groups), context, filters: WinogradLowering.Prefers(node, window, groups, context));

    /// <summary>A convolution whose weights are computed at run time: a step brings them into panels. Channels that do not fill blocks are read plain, whose order of terms is that of the weights.</summary>
    public static void LowerPacking(Node node, SpatialWindow window, int groups, LoweringContext context)
    {
        Value source = node.Required(0);
        TensorView input = node.Required(1).Shape[1] % Layout.BlockSize == 0
            ? ReadInput(source, Conv.HaloOf(node), regular: true, context)
            : context.ReadPadded(source, Conv.HaloOf(node));
        AddContraction(node, window, groups, input, context);
    }

    /// <summary>The convolution of an input with its halo as one step.</summary>
    public static void AddContraction(Node node, SpatialWindow window, int groups, TensorView input, LoweringContext context)
    {
        Contraction work = Contract(node, ConvGrid.Of(window, input.Layout), groups, input, context.Allocate(node.Output), context);
        context.Add(new ContractionStep(node, node.Name, What(window, groups), work));
    }

    /// <summary>What is computed, for comments: <c>Conv 3×3, stride 2×2</c>.</summary>
    public static string What(SpatialWindow window, int groups)
    {
        string kernel = string.Join("×", window.Kernel.Select(static k => $"{k}"));
        string stride = window.Strides.Any(static s => s != 1) ? $", stride {string.Join("×", window.Strides.Select(static s => $"{s}"))}" : string.Empty;
        string group = groups > 1 ? $", {groups} groups" : string.Empty;
        return $"Conv {kernel}{stride}{group}";
    }

    /// <summary>True for a convolution of real numbers, not of codes, whose outputs are few enough to be summed by input lanes, whatever its input's memory turns out to be.</summary>
    public static bool HasFewOutputs(Node node, int groups)
    {
        Shape weights = node.Required(1).Shape;
        return groups == 1
            && node.Required(1).IsConstant
            && !node.Output.Shape.IsDynamic
            && node.Attributes.Int(Conv.ExactSums, 0) == 0
            && FillsBlocks(weights[1])
            && LaneSums.Pays(weights[0], weights.Product(1, weights.Rank));
    }

    /// <summary>True if channels fill blocks.</summary>
    public static bool FillsBlocks(int channels) => channels % Layout.BlockSize == 0;

    /// <summary>The work of an ungrouped convolution, in that of one block of 16 output channels.</summary>
    /// <param name="weights">Shape of the weights.</param>
    public static double BlocksOfWork(Shape weights)
    {
        long terms = weights.Product(1, weights.Rank);
        return FillsBlocks(weights[1]) && LaneSums.Pays(weights[0], terms) ? LaneSums.Work(weights[0], terms) : Layout.BlockCount(weights[0]);
    }

    /// <summary>True if the groups fill blocks of channels.</summary>
    public static bool IsRegular(Node node, int groups) =>
        groups == 1 || (node.Output.Shape[1] / groups % Layout.BlockSize == 0 && node.Required(0).Shape[1] / groups % Layout.BlockSize == 0);

    /// <summary>The convolution of an image with its outputs from one on made of cells in another memory, which are not padded themselves.</summary>
    /// <param name="whole">The convolution of the image.</param>
    /// <param name="window">Its window.</param>
    /// <param name="source">The cells.</param>
    /// <param name="start">Elements from the first cell to the first tap of the first window; negative before it.</param>
    /// <param name="firstRow">The first output row, from which on the epilogue's operands are read.</param>
    /// <param name="firstPosition">The first output of the rows.</param>
    public static Contraction OfCells(Contraction whole, SpatialWindow window, TensorView source, long start, int firstRow, int firstPosition)
    {
        ConvGrid grid = ConvGrid.Of(window, source.Layout);
        return whole with
        {
            Reduction = ConvTerms.Of(grid, source, source.Shape[1], inQuads: false).Parts,
            Input = source.With(source.Layout.Shifted(start)),
            InputStrides = grid.InputStrides(source.Layout, 0),
            EpilogueOperands = whole.EpilogueOperands
                .Select(o => o with { View = o.View.With(o.View.Layout.Shifted((firstRow * o.Strides.Row) + (firstPosition * o.Strides.Position))) })
                .ToArray(),
        };
    }

    /// <summary>The contraction of a convolution, epilogue included.</summary>
    /// <param name="node">The node.</param>
    /// <param name="grid">Geometry.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="input">The input with its halo.</param>
    /// <param name="output">The output.</param>
    /// <param name="context">Gives memory.</param>
    public static Contraction Contract(Node node, ConvGrid grid, int groups, TensorView input, TensorView output, LoweringContext context)
    {
        Contraction work = node.Required(1).Constant is not { } weights
            ? Packing(node, groups, grid, input, output, context)
            : node.Attributes.Ints(Conv.GroupInputs) is { } members && input.Zero is null
            ? GatheredTerms.Contract(node, weights, members, grid, input, output, context)
            : IsRegular(node, groups)
            ? Regular(node, weights, groups, grid, input, output, context)
            : Irregular(node, weights, groups, grid, input, output, context);
        return work with
        {
            BatchExtents = new[] { node.Output.Shape.Extent(0) },
            RowWindow = grid.RowWindow,
            RowSize = grid.RowsOf(node.Output.Shape).Size,
            PositionSize = grid.PositionsOf(node.Output.Shape).Size,
            Bias = BiasOf(node, groups, input.Zero, context),
            Epilogue = node.Epilogue,
            EpilogueOperands = Operands(node, work.Blocks, context, bytes: true),
            Scratch = EpilogueScratch(node, context),
        };
    }

    /// <summary>The epilogue's operands with the strides of the output's loops.</summary>
    /// <param name="node">The node.</param>
    /// <param name="blocks">Blocks of output channels in a group.</param>
    /// <param name="context">Gives memory.</param>
    /// <param name="bytes">True if the kernel takes whole numbers that are stored as bytes.</param>
    public static IReadOnlyList<EpilogueOperand> Operands(Node node, int blocks, LoweringContext context, bool bytes = false) => node.EpilogueOperands.Select(value =>
    {
        (TensorView view, IReadOnlyList<IterationDimension> dimensions) = ElementwiseOperands.Operand(value, node.Output.Shape, blocked: true, context, bytes);
        bool two = dimensions.Count == 5;
        var strides = new OutputStrides(
            new[] { dimensions[0].Stride },
            dimensions[1].Stride * blocks,
            dimensions[1].Stride,
            two ? dimensions[2].Stride : 0,
            dimensions[dimensions.Count - 2].Stride);
        return new EpilogueOperand(view, strides, dimensions[dimensions.Count - 1].Stride);
    }).ToArray();

    /// <summary>Memory for the sums of a tile if the epilogue is too costly to be written for every register; else null.</summary>
    public static TensorView? EpilogueScratch(Node node, LoweringContext context) =>
        EpilogueScratch(node.Name, node.Epilogue, context, context.Bytes.ZeroOf(node.Output) is not null);

    /// <inheritdoc cref="EpilogueScratch(Node, LoweringContext)"/>
    public static TensorView? EpilogueScratch(string name, ElementProgram? epilogue, LoweringContext context, bool bytes = false) => epilogue is not null && Contraction.IsCostly(epilogue, bytes)
        ? context.Scratch($"{name}.sums", ElementType.Float32, new Shape(context.IsNarrow ? ScalarTile.MaxSums : TileChoice.MaxSums))
        : null;

    /// <summary>Blocked inputs are read as they are. Plain ones too, unless they need padding and have channels enough to gain from blocks.</summary>
    /// <param name="source">The input.</param>
    /// <param name="halo">Its padding.</param>
    /// <param name="regular">True if groups fill blocks.</param>
    /// <param name="context">Gives views.</param>
    /// <param name="bytes">True if the kernel takes whole numbers that are stored as bytes.</param>
    /// <param name="filters">True if the kernel gains more from blocks than it costs to make them.</param>
    public static TensorView ReadInput(Value source, Halo halo, bool regular, LoweringContext context, bool bytes = false, bool filters = false)
    {
        bool canBlock = LayoutQuery.CanBlock(source) && (regular || source.Shape[1] % Layout.BlockSize == 0);
        bool worthBlocking = context.Layouts.IsBlocked(source) || filters || (!halo.IsEmpty && source.Shape[1] >= Layout.BlockSize / 2);
        return canBlock && worthBlocking ? context.ReadBlocked(source, halo, bytes) : context.ReadPadded(source, halo, bytes);
    }

    /// <summary>An input that is stored as bytes: plain if columns make better terms than channels.</summary>
    private static TensorView ReadCodes(Node node, SpatialWindow window, int groups, LoweringContext context)
    {
        Value source = node.Required(0);
        Halo halo = Conv.HaloOf(node);
        if (context.IsNarrow)
        {
            return ReadInput(source, halo, IsRegular(node, groups), context, bytes: true);
        }

        if (!context.Layouts.IsBlocked(source) && ConvTerms.PrefersColumns(window, source.Shape[1] / groups))
        {
            TensorView plain = context.ReadPadded(source, halo, bytes: true);
            if (ConvTerms.HasNeighbours(window, plain.Layout))
            {
                return plain;
            }
        }

        return context.ReadBlocked(source, halo, bytes: true);
    }

    /// <summary>True if four codes are a term.</summary>
    private static bool HasQuads(TensorView input, LoweringContext context) => input.Zero is not null && !context.IsNarrow;

    /// <summary>The bias in the order of the outputs. Where bytes stand for numbers, it takes off what their zero adds to each sum.</summary>
    private static TensorView? BiasOf(Node node, int groups, int? zero, LoweringContext context)
    {
        if (node.Input(2) is { IsConstant: false } sums)
        {
            return zero is null or 0 ? context.ReadDense(sums) : throw new InvalidOperationException($"{node.Name}: a bias of run time begins sums of codes as they are");
        }

        return ConstantBias(node, zero, context);
    }

    /// <summary>A constant bias of the output channels, zeros behind the last; null for none.</summary>
    /// <param name="node">Input 2 is the bias, input 1 the weights.</param>
    /// <param name="zero">The number that stands for 0 in bytes, whose products with the weights the bias takes off; null for numbers.</param>
    /// <param name="context">Takes the bias among the weights.</param>
    public static TensorView? ConstantBias(Node node, int? zero, LoweringContext context)
    {
        Tensor? bias = node.Input(2)?.Constant;
        int channels = node.Output.Shape[1];
        if (zero is not { } byteOfZero)
        {
            return bias is null ? null : context.Weight(PanelPacker.PadBias(bias, 1, channels), $"{node.Name}.bias");
        }

        Tensor weights = node.Required(1).Constant!;
        int products = (int)weights.Shape.Product(1, weights.Shape.Rank);
        Tensor biases = CodePanels.Biases(bias, weights, byteOfZero, 1, channels, products, (m, product) => (m * products) + product);
        return context.Weight(biases, $"{node.Name}.bias");
    }

    private static Contraction Regular(Node node, Tensor weights, int groups, ConvGrid grid, TensorView input, TensorView output, LoweringContext context)
    {
        int inputs = weights.Shape[1];
        int taps = grid.Taps;
        return Blocks(node, weights, groups, inputs, grid, input, output, "Panels16", (m, c, tap) => (((m * inputs) + c) * taps) + tap, context);
    }

    /// <summary>The contraction of groups that fill blocks with weights of run time, which are packed first.</summary>
    private static Contraction Packing(Node node, int groups, ConvGrid grid, TensorView input, TensorView output, LoweringContext context)
    {
        Value weights = node.Required(1);
        (int outputs, int inputs, int taps) = (weights.Shape[0] / groups, weights.Shape[1], grid.Taps);
        bool blocked = input.Layout.IsBlocked;
        var shape = blocked
            ? new Shape(groups, outputs, inputs / Layout.BlockSize, Layout.BlockSize, taps)
            : new Shape(groups, outputs, inputs * taps);
        TensorView view = context.ReadPlain(weights);
        if (view.Layout.TryReshape(shape) is not { } layout)
        {
            view = context.ReadDense(weights);
            layout = Layout.Dense(weights.Shape).TryReshape(shape)!;
        }

        TensorView panels = context.CopyToPanels(weights, view.With(blocked ? layout.Transpose(new[] { 0, 1, 2, 4, 3 }) : layout));
        ConvTerms terms = ConvTerms.Of(grid, input, inputs, inQuads: false);
        return OfBlocks(node, groups, inputs, grid, input, output, terms.Parts, panels, context) with { PanelWidth = Layout.BlockSize };
    }

    /// <summary>The contraction of groups that fill blocks.</summary>
    /// <param name="node">The node.</param>
    /// <param name="weights">Constant weights in any order.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="inputs">Input channels of a group.</param>
    /// <param name="grid">Geometry.</param>
    /// <param name="input">The input with its halo.</param>
    /// <param name="output">The output.</param>
    /// <param name="recipe">Name of the weights' order.</param>
    /// <param name="index">Index in the weights of (output channel among all, input channel of its group, tap).</param>
    /// <param name="context">Gives memory.</param>
    public static Contraction Blocks(
        Node node,
        Tensor weights,
        int groups,
        int inputs,
        ConvGrid grid,
        TensorView input,
        TensorView output,
        string recipe,
        Func<int, int, int, int> index,
        LoweringContext context)
    {
        int outputs = node.Output.Shape[1] / groups;
        int taps = grid.Taps;
        ConvTerms terms = ConvTerms.Of(grid, input, inputs, HasQuads(input, context));
        IReadOnlyList<int> order = terms.Order;
        int Source(int m, int t) => order[t] < 0 ? PanelPacker.Absent : index(m, order[t] / taps, order[t] % taps);
        bool few = !context.IsNarrow && groups == 1 && inputs % Layout.BlockSize == 0 && LaneSums.Pays(outputs, order.Count) && CanSumByLanes(node, input, output, context);
        (TensorView panels, CodeForm? form, int offset) = few
            ? (context.Weight(PanelPacker.PackLanes(weights, $"{recipe}[by lanes]", outputs, order.Count, Source), $"{node.Name}.weight"), null, 0)
            : Pack(node, weights, $"{recipe}[{terms.Name}]", groups, outputs, order.Count, input.Zero, Source, context);
        return OfBlocks(node, groups, inputs, grid, input, output, taps == 0 ? Array.Empty<ReductionPart>() : terms.Parts, panels, context) with
        {
            FewOutputs = few ? outputs : 0,
            LastIsHalf = !few && !context.IsNarrow && Contraction.LeavesHalf(outputs, input, output),
            Codes = form,
            WeightOffset = offset,
        };
    }

    /// <summary>The loops of groups that fill blocks.</summary>
    private static Contraction OfBlocks(
        Node node,
        int groups,
        int inputs,
        ConvGrid grid,
        TensorView input,
        TensorView output,
        IReadOnlyList<ReductionPart> reduction,
        TensorView panels,
        LoweringContext context)
    {
        int outputs = node.Output.Shape[1] / groups;
        int blocks = Layout.BlockCount(outputs);
        return new Contraction
        {
            BatchExtents = new Extent[] { node.Output.Shape[0] },
            Groups = groups,
            Blocks = blocks,
            LastIsHalf = !context.IsNarrow && Contraction.LeavesHalf(outputs, input, output),
            Rows = grid.Rows,
            Positions = grid.Positions,
            Reduction = reduction,
            Input = grid.Shift(input),
            InputStrides = grid.InputStrides(input.Layout, ChannelOffset(input.Layout, inputs)),
            Weights = panels,
            WeightBatchStrides = new long[] { 0 },
            Output = output,
            OutputStrides = grid.OutputStrides(output.Layout, blocks),
            LastLanes = context.LastLanes(outputs),
            PanelWidth = Layout.LanesOf(outputs, context.IsNarrow),
        };
    }

    /// <summary>True if a convolution's sums can have input channels as lanes: of f32 throughout, with an epilogue that is worth writing for each position.</summary>
    private static bool CanSumByLanes(Node node, TensorView input, TensorView output, LoweringContext context) => input.Layout.IsBlocked
        && output.Layout.IsBlocked
        && input.Zero is null
        && output.Zero is null
        && !node.Output.Shape.IsDynamic
        && node.Input(2) is null or { IsConstant: true }
        && !(node.Epilogue is { } epilogue && Contraction.IsCostly(epilogue, bytes: false))
        && node.EpilogueOperands.All(v => v.Type == ElementType.Float32 && context.Bytes.ZeroOf(v) is null);

    /// <summary>The weights in panels, of f32 or, for an input of bytes, of bytes.</summary>
    private static (TensorView Panels, CodeForm? Form, int Offset) Pack(
        Node node, Tensor weights, string recipe, int groups, int channels, int products, int? zero, Func<int, int, int> index, LoweringContext context)
    {
        string name = $"{node.Name}.weight";
        if (zero is null)
        {
            return (context.Weight(PanelPacker.Pack(weights, recipe, groups, channels, products, index, isNarrow: context.IsNarrow), name), null, 0);
        }

        (Tensor panels, CodeForm form, int offset) = context.IsNarrow
            ? CodePanels.PackSingle(weights, recipe, groups, channels, products, (m, t) => index(m, t))
            : CodePanels.Pack(weights, recipe, groups, channels, products / CodePanels.Quad, (m, t) => index(m, t));
        return (context.Weight(panels, name), form, offset);
    }

    /// <summary>
    /// Groups that do not fill blocks: every output block reads the range of input channels that its groups cover, and
    /// weights between a channel and a foreign group are zero.
    /// </summary>
    private static Contraction Irregular(Node node, Tensor weights, int groups, ConvGrid grid, TensorView input, TensorView output, LoweringContext context)
    {
        int outputs = node.Output.Shape[1];
        int channels = node.Required(0).Shape[1];
        int inputsPerGroup = weights.Shape[1];
        int outputsPerGroup = outputs / groups;
        int blocks = Layout.BlockCount(outputs);
        int taps = grid.Taps;
        bool reals = !HasQuads(input, context);
        int unit = input.Layout.IsBlocked ? Layout.BlockSize : 1;
        int stored = (channels + unit - 1) / unit * unit;
        int First(int block) => block * Layout.BlockSize / outputsPerGroup * inputsPerGroup;
        int End(int block) => ((Math.Min(outputs, (block + 1) * Layout.BlockSize) - 1) / outputsPerGroup * inputsPerGroup) + inputsPerGroup;
        int Cells(int block) => ((End(block) + unit - 1) / unit) - (First(block) / unit);
        int length = Enumerable.Range(0, blocks).Max(Cells) * unit;

        // Blocks whose outputs belong to two groups read the inputs of both: their sums are longer than the others.
        ConvTerms terms = ConvTerms.Of(grid, input, length, HasQuads(input, context));
        TermRange[] ranges = Enumerable.Range(0, blocks).Select(b => terms.Range(First(b), End(b), unit, taps, exact: reals)).ToArray();
        bool uneven = reals
            ? ranges.Sum(static r => r.Terms) < UnevenPart * blocks * length * taps
            : unit > 1 && ranges.Any(r => r.Cells != ranges[0].Cells);
        int[] starts = Enumerable.Range(0, blocks)
            .Select(b => First(b) / unit * unit)
            .Select(first => uneven ? first : Math.Min(first, stored - length))
            .ToArray();
        IReadOnlyList<int>[] orders = Enumerable.Range(0, blocks)
            .Select(b => uneven && reals ? ConvTerms.OrderOf(First(b), End(b), unit, taps) : terms.OrderFrom(starts[b], taps))
            .ToArray();
        (TensorView panels, CodeForm? form, int offset) = Pack(
            node,
            weights,
            $"GroupPanels16[{groups} groups, {terms.Name}]",
            1,
            outputs,
            terms.Order.Count,
            input.Zero,
            (m, t) =>
            {
                IReadOnlyList<int> order = orders[m / Layout.BlockSize];
                if (t >= order.Count || order[t] < 0)
                {
                    return PanelPacker.Absent;
                }

                int channel = (order[t] / taps) - (m / outputsPerGroup * inputsPerGroup);
                return channel >= 0 && channel < inputsPerGroup ? (((m * inputsPerGroup) + channel) * taps) + (order[t] % taps) : PanelPacker.Absent;
            },
            context);
        IEnumerable<int> extents = uneven
            ? ranges.Select(static r => r.Cells).Concat(ranges.Select(static r => r.First)).Concat(ranges.Select(static r => r.End))
            : Array.Empty<int>();
        int[] table = starts.Select(s => checked((int)ChannelOffset(input.Layout, s))).Concat(extents).ToArray();
        Tensor offsets = Tensor.Create(
            ElementType.Int32,
            new Shape(table.Length),
            table,
            $"GroupStarts({weights.Recipe})");
        return new Contraction
        {
            BatchExtents = new Extent[] { node.Output.Shape[0] },
            Blocks = blocks,
            Rows = grid.Rows,
            Positions = grid.Positions,
            Reduction = uneven && reals ? new[] { ConvTerms.RangePart(grid, input.Layout, length / unit) } : terms.Parts,
            Codes = form,
            WeightOffset = offset,
            Input = grid.Shift(input),
            InputStrides = grid.InputStrides(input.Layout, 0),
            InputStarts = context.Weight(offsets, $"{node.Name}.starts"),
            TermRanges = uneven ? ranges : null,
            LastIsHalf = !context.IsNarrow && Contraction.LeavesHalf(outputs, input, output),
            Weights = panels,
            WeightBatchStrides = new long[] { 0 },
            Output = output,
            OutputStrides = grid.OutputStrides(output.Layout, blocks),
            LastLanes = context.LastLanes(outputs),
            PanelWidth = Layout.LanesOf(outputs, context.IsNarrow),
        };
    }

    /// <summary>Elements from channel 0 to a channel, which is a multiple of 16 in a blocked layout.</summary>
    public static long ChannelOffset(Layout layout, int channel) => layout.IsBlocked
        ? channel / Layout.BlockSize * layout.Strides[1]
        : channel * layout.Strides[1];
}
