using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>The geometry of a one- or two-dimensional convolution in elements of its buffers; one dimension counts as one row.</summary>
internal sealed record ConvGrid
{
    public required int Rows { get; init; }

    public required int Positions { get; init; }

    public required int TapRows { get; init; }

    public required int TapColumns { get; init; }

    /// <summary>Input elements from one tap row to the next.</summary>
    public required long TapRowStride { get; init; }

    /// <summary>Input elements from one tap column to the next.</summary>
    public required long TapColumnStride { get; init; }

    /// <summary>Input elements from one output row to the next.</summary>
    public required long InputRow { get; init; }

    /// <summary>Input elements from one output position to the next.</summary>
    public required long InputPosition { get; init; }

    /// <summary>Input elements from cell (0, 0) to the first tap of output (0, 0); not positive.</summary>
    public required long Origin { get; init; }

    /// <summary>The input rows that an output row reads; null where there are no rows.</summary>
    public RowAccess? RowWindow { get; init; }

    public int Taps => TapRows * TapColumns;

    /// <summary>Computes the grid for an input layout that has the window's padding around it.</summary>
    public static ConvGrid Of(SpatialWindow window, Layout input)
    {
        int last = window.Rank - 1;
        bool two = window.Rank == 2;
        long rowStride = two ? input.Strides[2] : 0;
        long columnStride = input.Strides[2 + last];
        return new ConvGrid
        {
            Rows = two ? window.Output[0] : 1,
            Positions = window.Output[last],
            TapRows = two ? window.Kernel[0] : 1,
            TapColumns = window.Kernel[last],
            TapRowStride = two ? rowStride * window.Dilations[0] : 0,
            TapColumnStride = columnStride * window.Dilations[last],
            InputRow = two ? rowStride * window.Strides[0] : 0,
            InputPosition = columnStride * window.Strides[last],
            RowWindow = two ? new RowAccess(window.Strides[0], window.PadsBefore[0], window.Span(0)) : null,
            Origin = -((two ? window.PadsBefore[0] * rowStride : 0) + (window.PadsBefore[last] * columnStride)),
        };
    }

    /// <summary>Rows of an output with their expression.</summary>
    public Extent RowsOf(Shape output) => output.Rank == 4 ? output.Extent(2) : 1;

    /// <summary>Positions of a row of an output with their expression.</summary>
    public Extent PositionsOf(Shape output) => output.Extent(output.Rank - 1);

    /// <summary>The input seen from the first tap of output (0, 0).</summary>
    public TensorView Shift(TensorView input) => input.With(input.Layout.Shifted(Origin));

    public OutputStrides InputStrides(Layout input, long group) => new(new[] { input.Strides[0] }, group, 0, InputRow, InputPosition);

    public OutputStrides OutputStrides(Layout output, int blocksPerGroup) => new(
        new[] { output.Strides[0] },
        blocksPerGroup * output.Strides[1],
        output.Strides[1],
        output.Shape.Rank == 4 ? output.Strides[2] : 0,
        output.Strides[output.Shape.Rank - 1]);
}
