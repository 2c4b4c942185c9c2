using System.Collections.Generic;

namespace AotCompiler.Lowering;

/// <summary>The rows of an operand that output rows need: row r reads from r·stride − before, so many rows.</summary>
/// <param name="Stride">Rows from one output row's first to the next's.</param>
/// <param name="Before">Rows of padding above the operand.</param>
/// <param name="Span">Rows from the first to the last that one output row reads, both included.</param>
internal readonly record struct RowAccess(int Stride, int Before, int Span)
{
    /// <summary>Each output row reads the row of the same number.</summary>
    public static readonly RowAccess Same = new(1, 0, 1);

    /// <summary>The first row that output rows from <paramref name="row"/> on read; negative in the padding.</summary>
    public int First(int row) => (row * Stride) - Before;

    /// <summary>Rows beyond a multiple of the stride that must be there for so many output rows.</summary>
    public int Ahead => Span - Stride - Before;

    /// <summary>Rows that must be there for the first <paramref name="rows"/> output rows; may be beyond the operand's last.</summary>
    public int End(int rows) => (rows * Stride) + Ahead;

    /// <summary>Output rows that can be computed of so many rows, zeros below them included.</summary>
    public int Ready(int rows) => rows <= Ahead ? 0 : (rows - Ahead) / Stride;
}

/// <summary>
/// A step that can compute its output, one tensor [N, C, H, W], a few rows at a time and each row as in one go: the same terms in
/// the same order.
/// </summary>
internal interface IRowStep
{
    /// <summary>
    /// The step whose units (see the remarks of <see cref="Step"/>) are the rows of the output, or null if this one does not
    /// compute rows. It reads and writes the same views.
    /// </summary>
    Step? ByRows();

    /// <summary>What is read, and which rows of it an output row needs; null for operands that all rows need whole.</summary>
    IReadOnlyList<(TensorView View, RowAccess? Rows)> RowReads { get; }

    /// <summary>
    /// What the units are that threads share, if they are rows of the output or tiles of its positions: a share then reads and
    /// writes the same of them as a share of another such step with the same cut and as many units. Null if they are something else.
    /// </summary>
    ShareCut? Cut { get; }
}

/// <summary>The units of a shared step, at each vector width.</summary>
/// <param name="At512">Positions of a unit, rows one behind the other, at 512 bits; 0 for whole rows.</param>
/// <param name="At256">The same at 256 bits.</param>
/// <param name="At128">The same at 128 bits.</param>
internal sealed record ShareCut(int At512, int At256, int At128)
{
    public static readonly ShareCut Rows = new(0, 0, 0);
}
