using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// Matrix products as contractions: 16 columns of the right operand are a panel. Constant right operands are packed at
/// compile time, others by a step before the product. The left operand is read in place, whatever its strides.
/// </summary>
internal static class MatrixLowering
{
    /// <summary>Most rows for which a matrix is not brought into panels first.</summary>
    private const int RowsInPlace = 8;

    /// <summary>
    /// True if the program may run on the sums of a product with so many rows. A single row waits for its weights, so that even
    /// costly functions run meanwhile; with more rows they would spill the tile's registers, and a pass of their own costs less
    /// than staging the sums of each tile: a third of it where Gelu was measured.
    /// </summary>
    public static bool AcceptsEpilogue(Node node, ElementProgram program, int rows) =>
        node.Output.Type == ElementType.Float32 && program.SupportsVector && (program.IsCheap || rows == 1);

    /// <summary>True if products of a type's elements are contractions; those of others are summed one element at a time.</summary>
    public static bool IsContraction(ElementType type) => type is ElementType.Float32 or ElementType.Float64
        || (type.IsInteger() && type.Size() >= sizeof(int));

    /// <summary>Lowers MatMul on its two inputs.</summary>
    public static void Lower(Node node, string what, MatrixShape shape, LoweringContext context)
    {
        Value left = node.Required(0);
        Value right = node.Required(1);
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        if (!IsContraction(node.Output.Type) || shape.K == 0)
        {
            context.Add(new GenericMatrixStep(node, what, shape, context.ReadDense(left), context.ReadDense(right), output));
            return;
        }

        TensorView full = output.With(output.Layout.TryReshape(shape.FullOutput)!);
        bool codes = TakesCodes(node) && context.Bytes.ZeroOf(left) is not null;
        if (!codes && ColumnLowering.TryLower(node, shape, full, context))
        {
            return;
        }

        Layout leftLayout = context.ReadPlain(left, codes).Layout.TryReshape(shape.FullLeft) is { } plain && (!codes || plain.IsContiguousInside) ? plain : Layout.Dense(shape.FullLeft);
        TensorView leftView = (leftLayout.IsDense ? context.ReadDense(left, codes) : context.ReadPlain(left, codes)).With(leftLayout);
        RightOperand panels = codes
            ? Codes(right.Constant!, null, node.Name, leftView.Zero!.Value, shape.K, shape.N, (k, n) => (k * shape.N) + n, "KN", context)
            : right.Constant is { } constant && shape.RightBatch.ElementCount == 1
            ? Constant(constant, node.Name, shape.K, shape.N, (k, n) => (k * shape.N) + n, "KN", 1, context)
            : InPlace(right, shape, context) ?? Dynamic(right, shape, context);
        Lower(node, what, full, leftView.With(leftView.Layout.BroadcastTo(new Shape(shape.Batch.Extents.Concat(new[] { shape.Rows, shape.Terms })))), panels, null, node.Epilogue, node.EpilogueOperands, context);
    }

    /// <summary>Constant right operand, packed at compile time; only weights of f32 take a factor.</summary>
    public static RightOperand Constant(Tensor tensor, string name, int k, int n, Func<int, int, int> index, string order, float scale, LoweringContext context)
    {
        if (tensor.Type != ElementType.Float32)
        {
            Tensor elements = PanelPacker.PackElements(tensor, $"Panels16[{order}]", n, k, (column, term) => index(term, column), context.IsNarrow);
            return new RightOperand(context.Weight(elements, $"{name}.weight"), null);
        }

        Tensor panels = PanelPacker.Pack(tensor, $"Panels16[{order}{(scale == 1 ? string.Empty : $"·{scale:R}")}]", 1, n, k, (column, term) => index(term, column), scale, context.IsNarrow);
        return new RightOperand(context.Weight(panels, $"{name}.weight"), null);
    }

    /// <summary>True if the result can be stored as bytes: the kernels for f32 and fixed sizes convert what they store.</summary>
    public static bool MakesBytes(Node node) => node.Output.Type == ElementType.Float32 && HasFixedSizes(node);

    private static bool HasFixedSizes(Node node) => !node.Output.Shape.IsDynamic && node.Output.Shape.ElementCount > 0 && node.Required(0).Shape.ElementCount > 0;

    /// <summary>What a product of matrices does with an input that is stored as bytes.</summary>
    /// <param name="node">The product.</param>
    /// <param name="input">Index of the input.</param>
    /// <param name="takesCodes">True if the product runs on bytes, once its left operand is stored so.</param>
    public static ByteUse UseOfBytes(Node node, int input, bool takesCodes) => !HasFixedSizes(node) ? ByteUse.None
        : input >= node.OperatorInputCount ? ByteUse.Accepts
        : input == 0 && takesCodes ? ByteUse.Wants
        : ByteUse.None;

    /// <summary>True if a product runs on bytes, once its left operand is stored so: one matrix of constant weights.</summary>
    public static bool TakesCodes(Node node) => node.Required(0).Shape.Rank >= 2
        && node.Required(1).Shape is { Rank: >= 2 } right
        && right.Product(0, right.Rank - 2) == 1
        && CodeProduct.Applies(node);

    /// <summary>Constant right operand of codes, packed at compile time, with the biases of its columns.</summary>
    public static RightOperand Codes(
        Tensor tensor, Tensor? bias, string name, int zero, int k, int n, Func<int, int, int> index, string order, LoweringContext context)
    {
        (Tensor panels, CodeForm form, int offset) = context.IsNarrow
            ? CodePanels.PackSingle(tensor, $"CodePanels[{order}]", 1, n, k, (column, term) => index(term, column))
            : CodePanels.Pack(
            tensor, $"CodePanels[{order}]", 1, n, CodePanels.TermCount(k), (column, term) => term < k ? index(term, column) : CodePanels.Absent);
        Tensor biases = CodePanels.Biases(bias, tensor, zero, 1, n, k, (column, term) => index(term, column));
        return new RightOperand(context.Weight(panels, $"{name}.weight"), null) { Codes = form, WeightOffset = offset, Bias = context.Weight(biases, $"{name}.bias") };
    }

    /// <summary>
    /// A right operand that is read where it lies, [batch…, K, N] whose columns are neighbours: where so few rows meet it that a copy in panels
    /// would cost more than it saves. Null for others.
    /// </summary>
    /// <param name="right">The right operand, with the batch dimensions of the product.</param>
    /// <param name="rows">Rows that meet each matrix.</param>
    /// <param name="context">The schedule.</param>
    public static RightOperand? Rows(TensorView right, long rows, LoweringContext context)
    {
        int rank = right.Shape.Rank;
        (Extent terms, Extent columns) = (right.Shape.Extent(rank - 2), right.Shape.Extent(rank - 1));
        long[] strides = right.Layout.Strides;
        return !context.IsNarrow
            && !columns.IsDynamic
            && columns.Maximum >= Layout.BlockSize
            && (rows <= RowsInPlace || terms.Maximum == 1)
            && strides[rank - 1] == 1
            && strides[rank - 2] is > 0 and <= int.MaxValue
                ? new RightOperand(right, strides.Take(rank - 2).ToArray()) { RowStride = (int)strides[rank - 2] }
                : null;
    }

    private static RightOperand? InPlace(Value right, MatrixShape shape, LoweringContext context)
    {
        TensorView view = context.ReadPlain(right);
        Layout? layout = view.Layout.TryReshape(shape.FullRight)?.BroadcastTo(new Shape(shape.Batch.Extents.Concat(new[] { shape.Terms, shape.Columns })));
        return layout is null ? null : Rows(view.With(layout), shape.M * (shape.Batch.ElementCount / shape.RightBatch.ElementCount), context);
    }

    /// <summary>A right operand known at run time: its transpose in blocks of 16 is exactly the panels.</summary>
    public static RightOperand Dynamic(Value right, MatrixShape shape, LoweringContext context)
    {
        TensorView view = context.ReadPlain(right);
        Layout? layout = view.Layout.TryReshape(shape.FullRight);
        if (layout is null)
        {
            view = context.ReadDense(right);
            layout = Layout.Dense(shape.FullRight);
        }

        return Pack(right, view.With(layout), shape, context);
    }

    /// <summary>Lowers a product whose operands are [batch…, M, K] and panels, into [batch…, M, N].</summary>
    public static void Lower(
        Node node,
        string what,
        TensorView output,
        TensorView left,
        RightOperand right,
        TensorView? bias,
        ElementProgram? epilogue,
        IReadOnlyList<Value> epilogueValues,
        LoweringContext context)
    {
        Shape shape = output.Shape;
        int rank = shape.Rank;
        int n = shape[rank - 1];
        Extent columns = shape.Extent(rank - 1);
        Extent[] batch = shape.Extents.Take(rank - 2).ToArray();
        int lastLanes = n % Layout.BlockSize == 0 ? Layout.BlockSize : n % Layout.BlockSize;
        Extent terms = left.Shape.Extent(rank - 1);
        bool quads = right.Codes is CodeForm.Words or CodeForm.Bytes;
        var reduction = right.Packed is { } words
            ? new ReductionLoop(words.Words, words.CodesPerWord)
            : !quads
            ? new ReductionLoop(terms.Maximum, left.Layout.Strides[rank - 1], terms.Size)
            : new ReductionLoop(CodePanels.TermCount(terms.Maximum), CodePanels.Quad);
        EpilogueOperand[] operands = epilogueValues.Select(v => Operand(v, shape, node.Output.Shape, context)).ToArray();
        var work = new Contraction
        {
            Type = node.Output.Type,
            BatchExtents = batch,
            Blocks = Layout.BlockCount(n),
            Rows = 1,
            Positions = shape[rank - 2],
            PositionSize = shape.Extent(rank - 2).Size,
            ColumnSize = columns.Size,
            LastLanes = lastLanes,
            LastIsHalf = !context.IsNarrow && !columns.IsDynamic && right.RowStride == 0 && right.Codes is null && right.Packed is null && Contraction.LeavesHalf(n, left, output),
            Reduction = new[] { new ReductionPart(0, new[] { reduction }) },
            Codes = right.Codes,
            WeightOffset = right.WeightOffset,
            Packed = right.Packed,
            WeightStride = right.RowStride,
            Input = left,
            InputStrides = new OutputStrides(left.Layout.Strides.Take(rank - 2).ToArray(), 0, 0, 0, left.Layout.Strides[rank - 2]),
            Weights = right.Panels,
            PanelWidth = !quads && right.Packed is null ? right.Panels.Layout.IsBlocked ? Layout.BlockSize : right.Panels.Shape[right.Panels.Shape.Rank - 1] : Layout.BlockSize,
            WeightBatchStrides = right.BatchStrides ?? new long[batch.Length],
            Bias = right.Bias ?? bias,
            Output = output,
            OutputStrides = new OutputStrides(output.Layout.Strides.Take(rank - 2).ToArray(), 0, Layout.BlockSize, 0, output.Layout.Strides[rank - 2]),
            Epilogue = epilogue,
            EpilogueOperands = operands,
            Scratch = context.IsNarrow || epilogue is { IsCheap: true } ? ConvLowering.EpilogueScratch(node.Name, epilogue, context) ?? OfLastBlock() : OfLastBlock(),
        };
        context.Add(new ContractionStep(node, node.Name, what, MergeBatch(work)));

        TensorView? OfLastBlock() => context.IsNarrow || right.RowStride > 0 || (lastLanes == Layout.BlockSize && !columns.IsDynamic)
            ? null
            : context.Scratch($"{node.Name}.sums", node.Output.Type, new Shape(TileChoice.MaxPositions, Layout.BlockSize));
    }

    /// <summary>
    /// Batch loops that all operands walk as one with the rows become rows: one tall product instead of many small ones. With a single row
    /// it does not matter where the next one would be.
    /// </summary>
    private static Contraction MergeBatch(Contraction work)
    {
        while (work.BatchExtents.Count > 0)
        {
            int last = work.BatchExtents.Count - 1;
            bool isRow = work.Positions == 1 && work.PositionSize is null;
            bool joins = work.WeightBatchStrides[last] == 0
                && work.EpilogueOperands.Select(static o => o.Strides).Append(work.InputStrides).Append(work.OutputStrides)
                    .All(s => isRow || s.Batch[last] == s.Position * work.Positions || work.BatchExtents[last] == 1)
                && (work.PositionSize is null || work.BatchExtents[last] == 1);
            if (!joins)
            {
                return work;
            }

            OutputStrides Drop(OutputStrides s) => s with { Batch = s.Batch.Take(last).ToArray(), Position = isRow ? s.Batch[last] : s.Position };
            Extent positions = new Extent(work.Positions, work.PositionSize) * work.BatchExtents[last];
            work = work with
            {
                Positions = positions.Maximum,
                PositionSize = positions.Size,
                BatchExtents = work.BatchExtents.Take(last).ToArray(),
                WeightBatchStrides = work.WeightBatchStrides.Take(last).ToArray(),
                InputStrides = Drop(work.InputStrides),
                OutputStrides = Drop(work.OutputStrides),
                EpilogueOperands = work.EpilogueOperands.Select(o => o with { Strides = Drop(o.Strides) }).ToArray(),
            };
        }

        return work;
    }

    private static RightOperand Pack(Value value, TensorView right, MatrixShape shape, LoweringContext context)
    {
        int rank = right.Shape.Rank;
        Extent[] panelShape = { Extent.Of(shape.RightBatch.ElementSize), shape.Columns, shape.Terms };
        int[] swap = Enumerable.Range(0, rank - 2).Concat(new[] { rank - 1, rank - 2 }).ToArray();
        Layout transposed = right.Layout.Transpose(swap);
        Layout? flat = transposed.TryReshape(new Shape((IEnumerable<Extent>)panelShape));
        if (flat is null)
        {
            right = context.ReadDense(value);
            flat = Layout.Dense(shape.FullRight).Transpose(swap).TryReshape(new Shape((IEnumerable<Extent>)panelShape))
                ?? throw LoweringContext.Fail(value.Producer ?? value.Uses[0].Node, DiagnosticCodes.FeatureUnsupported, $"{value} is the right side of a product, with an inner batch dimension that is known only at run time", "Give that dimension one value.");
        }

        TensorView panels = context.CopyToPanels(value, right.With(flat));
        long[] own = shape.RightBatch.RowMajorStrides();
        int skip = shape.Batch.Rank - shape.RightBatch.Rank;
        long panel = panels.Layout.Strides[0];
        long[] strides = Enumerable.Range(0, shape.Batch.Rank)
            .Select(i => i < skip || shape.RightBatch[i - skip] == 1 ? 0 : own[i - skip] * panel)
            .ToArray();
        return new RightOperand(panels, strides);
    }

    private static EpilogueOperand Operand(Value value, Shape full, Shape output, LoweringContext context)
    {
        TensorView view = context.ReadPlain(value, bytes: true);
        Layout? layout = view.Layout.BroadcastTo(output).TryReshape(full);
        if (layout is null || (layout.Strides[full.Rank - 1] is not (0 or 1) && full[full.Rank - 1] > 1))
        {
            view = context.ReadDense(value, bytes: true);
            layout = view.Layout.BroadcastTo(output).TryReshape(full) ?? throw new InvalidOperationException($"{value} has no strides in {full}");
        }

        long[] strides = layout.Strides;
        int rank = full.Rank;
        long lane = full[rank - 1] == 1 ? 0 : strides[rank - 1];
        return new EpilogueOperand(
            view.With(layout),
            new OutputStrides(strides.Take(rank - 2).ToArray(), 0, lane * Layout.BlockSize, 0, strides[rank - 2]),
            lane);
    }
}

/// <summary>A right operand in panels of 16 columns.</summary>
/// <param name="Panels">The panels.</param>
/// <param name="BatchStrides">Floats from one matrix to the next, one entry per batch dimension; null for a single matrix.</param>
internal sealed record RightOperand(TensorView Panels, IReadOnlyList<long>? BatchStrides)
{
    /// <summary>How products with codes are summed in integers; null for sums in f32.</summary>
    public CodeForm? Codes { get; init; }

    /// <summary>See <see cref="Contraction.WeightOffset"/>.</summary>
    public int WeightOffset { get; init; }

    /// <summary>How the weights are packed; null for numbers.</summary>
    public PackedWeights? Packed { get; init; }

    /// <summary>Elements from one row to the next of a matrix [K, N] that is read where it lies; 0 for panels.</summary>
    public int RowStride { get; init; }

    /// <summary>Biases of products with codes.</summary>
    public TensorView? Bias { get; init; }
}
