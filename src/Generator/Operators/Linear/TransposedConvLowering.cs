using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// Transposed convolution without scattered additions: the outputs of one phase (every stride-th cell in each dimension)
/// are an ordinary convolution of the input with the taps that reach them, so each phase is one contraction.
/// </summary>
internal static class TransposedConvLowering
{
    /// <summary>Products for one cell and one channel of the input: outputs fill whole blocks.</summary>
    public static long Products(long outputs, long taps) => (outputs + Layout.BlockSize - 1) / Layout.BlockSize * Layout.BlockSize * taps;

    /// <summary>The zero cells around the input that the phases read.</summary>
    public static Halo HaloOf(TransposedWindow window)
    {
        var before = new int[window.Rank];
        var after = new int[window.Rank];
        for (int i = 0; i < window.Rank; i++)
        {
            foreach (TransposedPhase phase in Phases(window, i).Where(static p => p.Taps.Length > 0))
            {
                before[i] = Math.Max(before[i], -phase.Offsets.Min());
                after[i] = Math.Max(after[i], phase.Outputs - 1 + phase.Offsets.Max() - (window.Input[i] - 1));
            }
        }

        return new Halo(before, after);
    }

    public static void Lower(Node node, TransposedWindow window, int groups, LoweringContext context)
    {
        Value source = node.Required(0);
        Tensor weights = node.Required(1).Constant!;
        TensorView input = DepthwiseLowering.Applies(node, groups)
            ? context.ReadBlocked(source, HaloOf(window))
            : ConvLowering.ReadInput(source, HaloOf(window), regular: true, context);
        TensorView output = context.Allocate(node.Output);
        TensorView? bias = ConvLowering.ConstantBias(node, zero: null, context);
        int last = window.Rank - 1;
        IReadOnlyList<TransposedPhase> rows = window.Rank == 2 ? Phases(window, 0) : new[] { new TransposedPhase(0, 1, new[] { 0 }, new[] { 0 }) };
        foreach (TransposedPhase row in rows)
        {
            foreach (TransposedPhase column in Phases(window, last))
            {
                string name = rows.Count * window.Strides[last] == 1 ? node.Name : $"{node.Name} phase {row.First} {column.First}";
                IReadOnlyList<EpilogueOperand> Operands(int blocks) => ConvLowering.Operands(node, blocks, context).Select(o => Move(o, window, row, column)).ToArray();
                if (groups == 1
                    && FilteredPhase(node, name, window, row, column, input, output) is { } layer
                    && WinogradLowering.TryLower(node, layer with { Bias = bias, Operands = Operands(0) }, input, context))
                {
                    continue;
                }

                Contraction work = Phase(node, window, groups, weights, row, column, input, output, context);
                work = work with
                {
                    Bias = bias,
                    Epilogue = node.Epilogue,
                    Scratch = ConvLowering.EpilogueScratch(node, context),
                    EpilogueOperands = Operands(work.Blocks),
                };
                context.Add(new ContractionStep(node, name, $"ConvTranspose {string.Join("×", window.Kernel.Select(static k => $"{k}"))}, outputs {Outputs(window, row, column)}", work));
            }
        }
    }

    private static IReadOnlyList<TransposedPhase> Phases(TransposedWindow window, int dimension) =>
        Enumerable.Range(0, window.Strides[dimension]).Select(r => window.Phase(dimension, r)).Where(static p => p.Outputs > 0).ToArray();

    private static string Outputs(TransposedWindow window, TransposedPhase row, TransposedPhase column) => window.Rank == 2
        ? $"({row.First} + {window.Strides[0]}i, {column.First} + {window.Strides[1]}j)"
        : $"{column.First} + {window.Strides[0]}j";

    private static Contraction Phase(
        Node node,
        TransposedWindow window,
        int groups,
        Tensor weights,
        TransposedPhase row,
        TransposedPhase column,
        TensorView input,
        TensorView output,
        LoweringContext context)
    {
        int rank = output.Shape.Rank;
        bool two = window.Rank == 2;
        long inputRow = two ? input.Layout.Strides[2] : 0;
        long inputColumn = input.Layout.Strides[rank - 1];
        var grid = new ConvGrid
        {
            Rows = row.Outputs,
            Positions = column.Outputs,
            TapRows = row.Taps.Length,
            TapColumns = column.Taps.Length,
            TapRowStride = row.OffsetStep * inputRow,
            TapColumnStride = column.OffsetStep * inputColumn,
            InputRow = inputRow,
            InputPosition = inputColumn,
            Origin = (row.Offsets.FirstOrDefault() * inputRow) + (column.Offsets.FirstOrDefault() * inputColumn),
        };
        int inputs = weights.Shape[0] / groups;
        int outputs = weights.Shape[1];
        int kernelColumns = window.Kernel[window.Rank - 1];
        int KernelTap(int tap) => (row.Taps[tap / column.Taps.Length] * kernelColumns) + column.Taps[tap % column.Taps.Length];
        int Index(int m, int c, int tap) => ((((((m / outputs) * inputs) + c) * outputs) + (m % outputs)) * window.Taps) + KernelTap(tap);
        string recipe = $"[{row.First}, {column.First}]";
        Contraction work = DepthwiseLowering.Applies(node, groups)
            ? DepthwiseLowering.Contract(node, grid, input, output, $"TransposedDepthwisePanels16{recipe}", (m, tap) => (m * window.Taps) + KernelTap(tap), context)
            : ConvLowering.Blocks(node, weights, groups, inputs, grid, input, output, $"TransposedPanels16{recipe}", Index, context);
        return work with
        {
            RowSize = two ? OutputsOf(output.Shape.Extent(2), window.Strides[0], row) : null,
            PositionSize = OutputsOf(output.Shape.Extent(rank - 1), window.Strides[window.Rank - 1], column),
            Output = output.With(output.Layout.Shifted(Start(output.Layout.Strides, window, row, column))),
            OutputStrides = Scale(work.OutputStrides, window),
        };
    }

    /// <summary>A phase as an ordinary convolution of stride 1, the taps in the order of the inputs they meet; null if it is none.</summary>
    private static WinogradLayer? FilteredPhase(Node node, string name, TransposedWindow window, TransposedPhase row, TransposedPhase column, TensorView input, TensorView output)
    {
        if (window.Rank != 2 || output.Shape.IsDynamic || row.Taps.Length < 2 || column.Taps.Length < 2 || row.OffsetStep != -1 || column.OffsetStep != -1)
        {
            return null;
        }

        long[] strides = input.Layout.Strides;
        int top = row.Offsets.Min();
        int left = column.Offsets.Min();
        int[] behind = input.Layout.Halo?.After ?? new int[2];
        var grid = new ConvGrid
        {
            Rows = row.Outputs,
            Positions = column.Outputs,
            TapRows = row.Taps.Length,
            TapColumns = column.Taps.Length,
            TapRowStride = strides[2],
            TapColumnStride = strides[3],
            InputRow = strides[2],
            InputPosition = strides[3],
            Origin = (top * strides[2]) + (left * strides[3]),
        };
        TensorView first = output.With(output.Layout.Shifted(Start(output.Layout.Strides, window, row, column)));
        return new WinogradLayer(name, grid, WeightsOf(node.Required(1).Constant!, row, column), first, Scale(grid.OutputStrides(output.Layout, 0), window))
        {
            InputRows = window.Input[0] + behind[0] - top,
            InputColumns = window.Input[1] + behind[1] - left,
        };
    }

    /// <summary>The weights of a phase as those of a convolution: [outputs, inputs, rows, columns], the last taps first.</summary>
    private static Tensor WeightsOf(Tensor weights, TransposedPhase row, TransposedPhase column)
    {
        Shape w = weights.Shape;
        var shape = new Shape(w[1], w[0], row.Taps.Length, column.Taps.Length);
        return Tensor.LazyFloats(shape, $"TransposedPhase[{row.First}, {column.First}]({weights.Recipe})", () =>
        {
            ReadOnlySpan<float> source = weights.Floats();
            var phase = new float[shape.ElementCount];
            int i = 0;
            for (int m = 0; m < shape[0]; m++)
            {
                for (int c = 0; c < shape[1]; c++)
                {
                    foreach (int tapRow in Enumerable.Reverse(row.Taps))
                    {
                        foreach (int tapColumn in Enumerable.Reverse(column.Taps))
                        {
                            phase[i++] = source[(((((c * shape[0]) + m) * w[2]) + tapRow) * w[3]) + tapColumn];
                        }
                    }
                }
            }

            return phase;
        });
    }

    /// <summary>How many outputs a phase has in a run that chooses the size; null if it is fixed.</summary>
    private static Size? OutputsOf(Extent output, int stride, TransposedPhase phase) => output.Size is { } size
        ? (size + Size.Of(stride - 1L - phase.First)).FloorDivide(stride)
        : null;

    private static EpilogueOperand Move(EpilogueOperand operand, TransposedWindow window, TransposedPhase row, TransposedPhase column)
    {
        long start = (row.First * operand.Strides.Row) + (column.First * operand.Strides.Position);
        return operand with { View = operand.View.With(operand.View.Layout.Shifted(start)), Strides = Scale(operand.Strides, window) };
    }

    private static long Start(long[] strides, TransposedWindow window, TransposedPhase row, TransposedPhase column) =>
        (window.Rank == 2 ? row.First * strides[2] : 0) + (column.First * strides[strides.Length - 1]);

    private static OutputStrides Scale(OutputStrides strides, TransposedWindow window) => strides with
    {
        Row = window.Rank == 2 ? strides.Row * window.Strides[0] : 0,
        Position = strides.Position * window.Strides[window.Rank - 1],
    };
}
